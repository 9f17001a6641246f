namespace Fovea.Training.Schedules;

/// <summary>Not at all: r until the full rate follows at once, as PyTorch's ConstantLR has it. Where r is left out: η/3.</summary>
public sealed record ConstantWarmupOptions : WarmupOptions
{
    /// <inheritdoc/>
    public override string Kind => "constant";

    /// <inheritdoc/>
    public override double RateAt(double? first, double full, long step, long steps) => first ?? full / 3;
}
