using Fovea.Graphs;

namespace Fovea.Formats.Onnx.Nodes;

/// <summary>What has been read of an ONNX graph: the values that its names stand for.</summary>
/// <param name="file">The name of the file, for messages.</param>
/// <param name="graph">Where what was read goes.</param>
/// <param name="opset">The operator set that the file is written in.</param>
/// <param name="budget">What the file may still take.</param>
internal sealed class OnnxScope(string file, Graph graph, int opset, GraphBudget budget)
{
    private readonly Dictionary<string, OnnxOperand> _operands = new(StringComparer.Ordinal);

    internal Graph Graph { get; } = graph;

    internal int Opset { get; } = opset;

    /// <summary>What the file may still take.</summary>
    internal GraphBudget Budget { get; } = budget;

    internal ModelFormatException Fail(string where, string problem, Exception? inner = null) => new(file, where, problem, inner);

    internal OnnxOperand Operand(string name, string where) =>
        _operands.TryGetValue(name, out var operand) ? operand : throw Fail(where, $"reads '{name}', which nothing before it computes");

    internal void Set(string name, OnnxOperand operand, string where)
    {
        if (!_operands.TryAdd(name, operand)) throw Fail(where, $"computes '{name}', which is there already");
    }
}
