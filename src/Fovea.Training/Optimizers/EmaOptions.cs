using Fovea.Options;

namespace Fovea.Training.Optimizers;

/// <summary>How fast an exponential average forgets the weights that a run began with.</summary>
public enum EmaWarmup
{
    /// <summary>Update t keeps min(decay, (1 + t)/(10 + t)), as TensorFlow's ExponentialMovingAverage with <c>num_updates</c>.</summary>
    Counted,

    /// <summary>Update t keeps min(decay, 1 − (1 + t/γ)^−p), as timm's ModelEmaV3: t counts from 0, after which nothing is kept yet.</summary>
    Power,

    /// <summary>Every update keeps the same share.</summary>
    None,
}

/// <summary>An exponential moving average: each update keeps a share of it.</summary>
public sealed record EmaOptions : AverageOptions
{
    /// <inheritdoc/>
    public override string Kind => "ema";

    /// <summary>The share kept in the long run; at least 0, below 1. Default 0.9998.</summary>
    public double Decay { get; init; } = 0.9998;

    /// <summary>How it begins. Default counted.</summary>
    public EmaWarmup Warmup { get; init; }

    /// <summary>Of the warm-up by a power: γ, the updates that make its unit; above 0, 1e-30 to 1e30. Default 1.</summary>
    public double WarmupGamma { get; init; } = 1;

    /// <summary>Of the warm-up by a power: p; above 0, 1e-30 to 100. Default 2/3.</summary>
    public double WarmupPower { get; init; } = 2.0 / 3;

    /// <summary>The updates during which the averages are the weights themselves; at least 0. They are not counted then. Default 0.</summary>
    public int After { get; init; }

    /// <inheritdoc/>
    public override double ShareAt(long step)
    {
        if (step <= After) return 0;
        var t = (double)(step - After);
        return Warmup switch
        {
            EmaWarmup.Counted => Math.Min(Decay, (1 + t) / (10 + t)),
            EmaWarmup.Power => Math.Min(Decay, 1 - Math.Pow(1 + ((t - 1) / WarmupGamma), -WarmupPower)),
            _ => Decay,
        };
    }

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        checks.Below(Decay, 0, 1);
        checks.Positive(WarmupGamma, OptionChecks.LargestScale);
        checks.Positive(WarmupPower, 100);
        checks.AtLeast(After, 0, int.MaxValue);
    }
}
