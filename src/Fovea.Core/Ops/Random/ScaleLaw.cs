using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>How the random factor of each image of a batch is drawn.</summary>
/// <remarks>
/// A branch survives with a probability; then its factor is a constant, otherwise it is drawn from an interval. The backward pass has the same
/// survivors, but draws its factors anew, from an interval of its own.
/// </remarks>
/// <param name="Survival">The probability that a branch survives, 0 to 1.</param>
/// <param name="Kept">The factor of a branch that survives.</param>
/// <param name="Forward">Where the factor of one that does not is drawn from.</param>
/// <param name="Backward">The same for the backward pass.</param>
/// <param name="GatePerImage">Whether each image survives by itself, not the whole batch together.</param>
/// <param name="DrawPerImage">Whether each image draws its own factor.</param>
public readonly record struct ScaleLaw(double Survival, double Kept, Interval Forward, Interval Backward, bool GatePerImage, bool DrawPerImage)
{
    private const ulong ForwardDraws = 1UL << 40;
    private const ulong BackwardDraws = 2UL << 40;

    /// <summary>The mean of the factor in the forward pass.</summary>
    public double Mean => (Survival * Kept) + ((1 - Survival) * Forward.Mean);

    /// <summary>Whether the factor is always 1, so that there is nothing to do.</summary>
    public bool IsIdentity => Survival >= 1 && Kept == 1;

    /// <summary>The factor of an image.</summary>
    /// <param name="draws">The generator of the step.</param>
    /// <param name="image">The number of the image in its batch, from 0.</param>
    /// <param name="backward">Whether it is that of the backward pass.</param>
    public double Factor(Philox draws, int image, bool backward)
    {
        if (draws.Uniform(GatePerImage ? (ulong)image : 0) >= 1 - Survival) return Kept;
        var draw = draws.Uniform((backward ? BackwardDraws : ForwardDraws) + (DrawPerImage ? (ulong)image : 0));
        return (backward ? Backward : Forward).At(draw);
    }

    internal void Check(Op op)
    {
        Graphs.Check.That(Survival is >= 0 and <= 1, op, $"survival {Survival}; wanted 0 to 1");
        var isFinite = double.IsFinite(Kept) && Forward.IsFinite && Backward.IsFinite;
        Graphs.Check.That(isFinite, op, $"kept {Kept}, forward {Forward}, backward {Backward}; wanted finite numbers");
    }

    internal void Print(AttributeWriter to)
    {
        to.Add("survival", Survival);
        to.Add("kept", Kept);
        to.Add("forward_low", Forward.Low);
        to.Add("forward_high", Forward.High);
        to.Add("backward_low", Backward.Low);
        to.Add("backward_high", Backward.High);
        to.Add("gate_per_image", GatePerImage);
        to.Add("draw_per_image", DrawPerImage);
    }

    internal static ScaleLaw Parse(AttributeReader from) => new(
        from.Number("survival"), from.Number("kept"), new(from.Number("forward_low"), from.Number("forward_high")),
        new(from.Number("backward_low"), from.Number("backward_high")), from.Flag("gate_per_image"), from.Flag("draw_per_image"));
}
