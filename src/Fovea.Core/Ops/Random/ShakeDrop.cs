using Fovea.Graphs;

namespace Fovea.Ops;

/// <summary>Disturbs the branch of a whole batch in training where it does not survive: forward by α, backward by β, drawn for each image.</summary>
/// <remarks>
/// Yamada et al. 2018, arXiv:1802.02375: training multiplies by b + α − b·α forward and b + β − b·β backward, with b 1 where the batch
/// survives and 0 elsewhere; evaluation, and training that is compared without randomness, by the mean of b + α − b·α. The paper takes α from
/// [−1, 1], β from [0, 1], and lets the survival fall linearly with depth, to 0.5.
/// </remarks>
/// <param name="Survival">The probability that b is 1, 0 to 1.</param>
/// <param name="Alpha">Where α is drawn from.</param>
/// <param name="Beta">Where β is drawn from.</param>
public sealed record ShakeDrop(double Survival, Interval Alpha, Interval Beta) : RandomBranch
{
    /// <inheritdoc/>
    public override string Name => "shake_drop";

    /// <inheritdoc/>
    public override ScaleLaw Law => new(Survival, 1, Alpha, Beta, GatePerImage: false, DrawPerImage: true);

    /// <inheritdoc/>
    public override double Settled => Evaluated;

    /// <inheritdoc/>
    public override void Print(AttributeWriter to)
    {
        to.Add("survival", Survival);
        to.Add("alpha_low", Alpha.Low);
        to.Add("alpha_high", Alpha.High);
        to.Add("beta_low", Beta.Low);
        to.Add("beta_high", Beta.High);
    }

    internal static ShakeDrop Parse(AttributeReader from) => new(
        from.Number("survival"), new(from.Number("alpha_low"), from.Number("alpha_high")), new(from.Number("beta_low"), from.Number("beta_high")));
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.ShakeDrop"/>, by default with the paper's α from [−1, 1] and β from [0, 1].</summary>
    public static Value ShakeDrop(this Value x, double survival, Interval? alpha = null, Interval? beta = null) =>
        x.Graph.Add(new ShakeDrop(survival, alpha ?? new(-1, 1), beta ?? new(0, 1)), x);
}
