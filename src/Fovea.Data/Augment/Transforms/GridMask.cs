using Fovea.Options;

namespace Fovea.Data.Augment;

/// <summary>Erases a grid of squares (arXiv:2001.04086): of each period along both sides a part shows the mean colour.</summary>
public sealed record GridMask : Transform
{
    /// <inheritdoc/>
    public override string Kind => "grid_mask";

    /// <summary>The share of images of which something is erased; 0–1. Default 0.5.</summary>
    public double Probability { get; init; } = 0.5;

    /// <summary>The smallest period, as a share of the shorter side; 0.01 to <see cref="MaxPeriod"/>. Default 3/7: 96 of 224 pixels.</summary>
    public double MinPeriod { get; init; } = 3.0 / 7;

    /// <summary>The largest period; at most 1. Default 1.</summary>
    public double MaxPeriod { get; init; } = 1;

    /// <summary>The part of the period that the side of an erased square takes; 0–1. Default 0.5.</summary>
    public double Ratio { get; init; } = 0.5;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        checks.Within(Probability, 0, 1);
        checks.Within(MinPeriod, 0.01, 1);
        checks.Within(MaxPeriod, Math.Clamp(MinPeriod, 0.01, 1), 1);
        checks.Within(Ratio, 0, 1);
    }

    /// <inheritdoc/>
    public override void Finish(Planes planes, ref Draws draws)
    {
        if (!draws.Chance(Probability)) return;
        var period = Math.Max((int)(Math.Min(planes.Width, planes.Height) * draws.Uniform(MinPeriod, MaxPeriod)), 2);
        var side = (int)Math.Round(period * Ratio);
        var (x0, y0) = (draws.Integer(period), draws.Integer(period));
        for (var y = y0 - period; y < planes.Height; y += period)
            for (var x = x0 - period; x < planes.Width; x += period)
                planes.Clear(x, y, x + side, y + side);
    }
}
