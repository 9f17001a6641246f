using Fovea.Data.Augment.Pixels;
using Fovea.Options;

namespace Fovea.Data.Augment;

/// <summary>
/// TrivialAugment with its wide ranges (arXiv:2103.10158): one operation, of one magnitude, both at random. torchvision: <c>TrivialAugmentWide</c>, with the
/// interpolation of the data.
/// </summary>
public sealed record TrivialAugmentWide : Transform
{
    /// <inheritdoc/>
    public override string Kind => "trivial_augment_wide";

    /// <summary>How many magnitudes there are; 2 to 1000. Default 31.</summary>
    public int Bins { get; init; } = 31;

    /// <summary>What is seen of outside. Default black.</summary>
    public Outside Outside { get; init; } = Outside.Black;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks) => checks.Within(Bins, 2, 1000);

    /// <inheritdoc/>
    public override void Apply(Canvas canvas, ref Draws draws)
    {
        var row = MagnitudeSpace.Wide.Rows[draws.Integer(MagnitudeSpace.Wide.Rows.Count)];
        row.Apply(canvas, Bins, draws.Integer(Bins), Colour.Of(Outside == Outside.Mean, canvas.Input), ref draws);
    }
}
