using System.Globalization;
using Fovea.Formats.Artefact;
using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Sources;

/// <summary>Names for the variables of an ONNX graph that training can keep.</summary>
/// <remarks>
/// Strokes are the mark of slots, and inputs of a step have names without dots: weights have none of the former, and one of the latter. Names that say no
/// module, as <c>Parameter91</c> or <c>onnx::Conv_497</c>, become those of the layers in their order: <c>conv1.weight</c>, <c>conv1.norm.bias</c>,
/// <c>linear1.weight</c>, so that blocks can be told apart, and frozen.
/// </remarks>
internal sealed class OnnxNames
{
    private static readonly string[] s_ofNorm = ["", "weight", "bias", "running_mean", "running_var"];

    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private string _module = "input";
    private int _convolutions;
    private int _products;

    private OnnxNames()
    {
    }

    /// <summary>A name for each label that a node of the graph reads.</summary>
    internal static IReadOnlyDictionary<string, string> Of(Graph source)
    {
        var all = new OnnxNames();
        foreach (var variable in source.Variables.Select(value => value.Variable!))
            if (variable.Kind == VariableKind.Input) all.Name(variable.Label, FoveaModel.InputName);
            else if (Spelt(variable.Label) is var spelt && spelt.Contains('.', StringComparison.Ordinal)) all.Name(variable.Label, spelt);
        foreach (var node in source.Nodes) all.Follow(node);
        return all._names;
    }

    private static string Spelt(string label) => label.Replace('/', '.').Replace("::", "_", StringComparison.Ordinal).Trim('.');

    private void Follow(Node node)
    {
        if (node.Op is Conv2d) _module = string.Create(CultureInfo.InvariantCulture, $"conv{++_convolutions}");
        if (node.Op is MatMul && node.Inputs.Any(input => input.Variable is { Kind: VariableKind.Parameter }))
            _module = string.Create(CultureInfo.InvariantCulture, $"linear{++_products}");
        for (var i = 0; i < node.Inputs.Count; i++)
            if (node.Inputs[i].Variable is { } variable && !_names.ContainsKey(variable.Label))
                Name(variable.Label, $"{_module}.{Role(node.Op, i, variable.Label)}");
    }

    private static string Role(Op op, int operand, string label) => op switch
    {
        Conv2d or MatMul => "weight",
        BatchNorm or LayerNorm when operand > 0 => $"norm.{s_ofNorm[operand]}",
        Add or Subtract or Reshape => "bias",
        Multiply or Divide => "scale",
        _ => Spelt(label),
    };

    private void Name(string label, string name)
    {
        var unique = name;
        for (var i = 2; !_taken.Add(unique); i++) unique = string.Create(CultureInfo.InvariantCulture, $"{name}_{i}");
        _names.Add(label, unique);
    }
}
