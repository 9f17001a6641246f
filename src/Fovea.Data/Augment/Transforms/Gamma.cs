using Fovea.Data.Augment.Pixels;
using Fovea.Options;

namespace Fovea.Data.Augment;

/// <summary>Raises samples, as shares of white, to a random power. torchvision: <c>adjust_gamma</c>.</summary>
public sealed record Gamma : Occasional
{
    /// <inheritdoc/>
    public override string Kind => "gamma";

    /// <summary>The smallest power; 0.01 to <see cref="MaxGamma"/>. Default 0.5.</summary>
    public double MinGamma { get; init; } = 0.5;

    /// <summary>The largest power; at most 100. Default 2.</summary>
    public double MaxGamma { get; init; } = 2;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Within(MinGamma, 0.01, 100);
        checks.Within(MaxGamma, Math.Clamp(MinGamma, 0.01, 100), 100);
    }

    /// <inheritdoc/>
    protected override void Change(Canvas canvas, ref Draws draws) => PointOperations.Gamma(canvas.Edit(), draws.Uniform(MinGamma, MaxGamma));
}
