using Fovea.Graphs;

namespace Fovea.Ops;

/// <summary>Drops the branch of single images in training and scales those that are kept by 1/(1 − rate); the identity in evaluation.</summary>
/// <remarks>Stochastic depth per sample, as Larsson et al. 2016 (arXiv:1605.07648) call it and timm's DropPath does it.</remarks>
/// <param name="Rate">The probability that an image loses the branch, 0 to below 1.</param>
public sealed record DropPath(double Rate) : RandomBranch
{
    /// <inheritdoc/>
    public override string Name => "drop_path";

    /// <inheritdoc/>
    public override ScaleLaw Law => new(1 - Rate, 1 / (1 - Rate), default, default, GatePerImage: true, DrawPerImage: false);

    /// <inheritdoc/>
    public override double Evaluated => 1;

    /// <inheritdoc/>
    public override void Print(AttributeWriter to) => to.Add("rate", Rate);

    internal static DropPath Parse(AttributeReader from) => new(from.Number("rate"));
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.DropPath"/>; x itself where the rate is 0.</summary>
    public static Value DropPath(this Value x, double rate) => rate == 0 ? x : x.Graph.Add(new DropPath(rate), x);
}
