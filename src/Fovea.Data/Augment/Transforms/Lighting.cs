using Fovea.Options;

namespace Fovea.Data.Augment;

/// <summary>
/// Shifts the colour along the principal components of ImageNet's colours (Krizhevsky et al. 2012, section 4.1): each by a normally distributed multiple
/// of its deviation. Grey images are shifted by the luma of that.
/// </summary>
public sealed record Lighting : Transform
{
    // Of RGB as shares of white, as PyTorch's and timm's recipes have them.
    private static readonly double[] s_deviations = [0.2175, 0.0188, 0.0045];
    private static readonly double[][] s_components = [[-0.5675, 0.7192, 0.4009], [-0.5808, -0.0045, -0.8140], [-0.5836, -0.6948, 0.4203]];
    private static readonly double[] s_luma = [0.299, 0.587, 0.114];

    /// <inheritdoc/>
    public override string Kind => "lighting";

    /// <summary>The deviation of the multiples; 0 to 10. Default 0.1.</summary>
    public double Deviation { get; init; } = 0.1;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks) => checks.Within(Deviation, 0, 10);

    /// <inheritdoc/>
    public override void Finish(Planes planes, ref Draws draws)
    {
        Span<double> multiples = stackalloc double[3];
        Span<double> shift = stackalloc double[3];
        foreach (ref var multiple in multiples) multiple = Deviation * draws.Normal();
        for (var c = 0; c < 3; c++)
        {
            shift[c] = 0;
            for (var k = 0; k < 3; k++) shift[c] += s_components[c][k] * s_deviations[k] * multiples[k];
        }

        if (planes.Channels == 1) shift[0] = (s_luma[0] * shift[0]) + (s_luma[1] * shift[1]) + (s_luma[2] * shift[2]);
        var plane = planes.Width * planes.Height;
        for (var c = 0; c < planes.Channels; c++)
        {
            var add = (float)(shift[c] / planes.Input.Std[c]);
            foreach (ref var number in planes.Values.Slice(c * plane, plane)) number += add;
        }
    }
}
