using Fovea.Data.Augment.Pixels;
using Fovea.Options;

namespace Fovea.Data.Augment;

/// <summary>Blurs by a Gaussian of random width; borders are reflected. torchvision: <c>GaussianBlur</c>, with as large a kernel as ±3σ.</summary>
public sealed record GaussianBlur : Occasional
{
    /// <inheritdoc/>
    public override string Kind => "gaussian_blur";

    /// <summary>The smallest σ in pixels; 0.01 to <see cref="MaxSigma"/>. Default 0.1.</summary>
    public double MinSigma { get; init; } = 0.1;

    /// <summary>The largest σ in pixels; at most 50. Default 2.</summary>
    public double MaxSigma { get; init; } = 2;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Within(MinSigma, 0.01, 50);
        checks.Within(MaxSigma, Math.Clamp(MinSigma, 0.01, 50), 50);
    }

    /// <inheritdoc/>
    protected override void Change(Canvas canvas, ref Draws draws) =>
        Blurs.Gaussian(canvas.Pixels, canvas.Redraw(canvas.Width, canvas.Height), draws.Uniform(MinSigma, MaxSigma));
}
