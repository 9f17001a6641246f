using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>x → x, with a name: the parameter that <see cref="Passes.Deploy"/> makes of x takes it.</summary>
/// <param name="Label">The name, as PyTorch spells parameters, without blanks and braces.</param>
public sealed record Named(string Label) : Op
{
    /// <inheritdoc/>
    public override string Name => "named";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(1, inputs.Length, this);
        Check.That(Label.Length > 0 && !Label.Any(c => char.IsWhiteSpace(c) || c is '{' or '}' or '"'), this,
            $"the label '{Label}'; wanted a word without blanks, braces and quotes");
        return [inputs[0]];
    }

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) => [dy[0]];

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) => default;

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results) =>
        inputs[0].Elements.CopyTo(results[0].Elements.AsSpan());

    /// <inheritdoc/>
    public override void Print(AttributeWriter to) => to.Add("label", Label);

    internal static Named Parse(AttributeReader from) => new(from.Word("label"));
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.Named"/>.</summary>
    public static Value Named(this Value x, string label) => x.Graph.Add(new Named(label), x);
}
