using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Core.Tests.Passes;

/// <summary>Values for the variables of test graphs, from their names.</summary>
internal static class Weights
{
    /// <summary>Draws around 0 with a range of 2; around 1 and positive for variances.</summary>
    internal static HostTensor Of(Variable variable)
    {
        var draws = new Philox(seed: 7, Philox.Hash(variable.Label));
        var tensor = new HostTensor(variable.Type);
        var positive = variable.Label.EndsWith("running_var", StringComparison.Ordinal);
        for (var i = 0; i < tensor.Floats.Length; i++) tensor.Floats[i] = (float)((positive ? 0.5 : -1) + ((positive ? 1 : 2) * draws.Uniform((ulong)i)));
        return tensor;
    }

    /// <summary>Values for all parameters and states.</summary>
    internal static Dictionary<string, HostTensor> OfAll(Graph graph) => graph.Variables.Select(value => value.Variable!)
        .Where(variable => variable.Kind is VariableKind.Parameter or VariableKind.State)
        .ToDictionary(variable => variable.Label, Of);

    /// <summary>An output, in double.</summary>
    internal static double[] Run(Graph graph, string output = "y", IReadOnlyDictionary<string, HostTensor>? weights = null) => Interpreter.Run(
        graph, variable => OracleTensor.From(weights?.GetValueOrDefault(variable.Label) ?? Of(variable)))[graph.Output(output)].Elements;

    internal static void Close(double[] expected, double[] actual, double relative)
    {
        Assert.Equal(expected.Length, actual.Length);
        var scale = expected.Max(Math.Abs);
        Assert.InRange(expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max() / scale, 0, relative);
    }
}
