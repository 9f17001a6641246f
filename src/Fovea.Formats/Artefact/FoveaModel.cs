using Fovea.Graphs;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Formats.Artefact;

/// <summary>A classifier that is ready to ship: all that a program needs to run it.</summary>
public sealed record FoveaModel
{
    /// <summary>The name of the graph's input: images [N, C, H, W].</summary>
    public const string InputName = "input";

    /// <summary>The name of the graph's output: logits [N, classes].</summary>
    public const string OutputName = "logits";

    /// <summary>Name, classes and preprocessing.</summary>
    public required ModelCard Card { get; init; }

    /// <summary>The inference graph, for one image at a time in a file; <see cref="GraphFor"/> gives it for more.</summary>
    public required Graph Graph { get; init; }

    /// <summary>A value for each parameter and state of the graph.</summary>
    public required IReadOnlyDictionary<string, HostTensor> Weights { get; init; }

    /// <summary>That the graph computes what the trained model does; null where nothing was folded or proven.</summary>
    public Proof? Proof { get; init; }

    /// <summary>The version of the tool that made it. Default that of this library.</summary>
    public string ToolVersion { get; init; } = typeof(FoveaModel).Assembly.GetName().Version?.ToString(3) ?? "";

    /// <summary>The graph for another number of images at a time (<see cref="Rebatch"/>).</summary>
    /// <param name="batch">From 1.</param>
    public Graph GraphFor(int batch) => new Rebatch(batch).Apply(Graph);

    /// <summary>The variables of the graph that weights are for.</summary>
    internal IEnumerable<Variable> Kept => Graph.Variables.Select(value => value.Variable!).Where(variable => variable.Kind is not VariableKind.Input);

    /// <summary>Throws unless graph, weights, classes and preprocessing fit each other.</summary>
    /// <param name="file">Where the model comes from, for messages.</param>
    /// <exception cref="ModelFormatException">They do not.</exception>
    public void Check(string file)
    {
        ModelFormatException Fail(string where, string problem) => new(file, where, problem);
        if (Graph.Find(InputName)?.Variable is not { Kind: VariableKind.Input } input) throw Fail("graph", $"has no input '{InputName}'");
        if (Graph.Variables.FirstOrDefault(other => other.Variable is { Kind: VariableKind.Input } second && second != input)?.Variable is { } unfed)
            throw Fail("graph", $"has a second input '{unfed.Label}' {unfed.Type}, which nothing would feed; wanted '{InputName}' alone");
        if (Graph.FindOutput(OutputName) is not { } result) throw Fail("graph", $"has no output '{OutputName}'");
        var (images, logits) = (TensorType.F32(1, Card.Input.Channels, Card.Input.Height, Card.Input.Width), TensorType.F32(1, Card.Classes.Count));
        if (input.Type != images) throw Fail("graph", $"takes {input.Type}; the preprocessing makes {images}");
        if (result.Type != logits) throw Fail("graph", $"computes {result.Type}; {Card.Classes.Count} classes want {logits}");
        if (Card.Classes.Distinct(StringComparer.Ordinal).Count() != Card.Classes.Count) throw Fail("classes", "hold a name twice");
        foreach (var variable in Kept)
        {
            if (variable.Kind == VariableKind.Slot) throw Fail(variable.Label, "is a slot, which only training has");
            if (!Weights.TryGetValue(variable.Label, out var tensor)) throw Fail(variable.Label, $"the weight is missing; wanted {variable.Type}");
            if (tensor.Type != variable.Type) throw Fail(variable.Label, $"the weight is {tensor.Type}; the graph wants {variable.Type}");
        }
    }
}
