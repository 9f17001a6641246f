namespace Fovea.Training.Schedules;

/// <summary>Linearly: r + (η − r)·s/w, as timm, MindCV and PyTorch's LinearLR have it. Where r is left out: η·(s + 1)/w.</summary>
public sealed record LinearWarmupOptions : WarmupOptions
{
    /// <inheritdoc/>
    public override string Kind => "linear";

    /// <inheritdoc/>
    public override double RateAt(double? first, double full, long step, long steps) =>
        first is { } r ? r + ((full - r) * step / steps) : full * (step + 1) / steps;
}
