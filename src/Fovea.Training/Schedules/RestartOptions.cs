using Fovea.Options;

namespace Fovea.Training.Schedules;

/// <summary>A rule begins anew each time that its length is over (warm restarts, arXiv:1608.03983).</summary>
public sealed record RestartOptions : IOptions
{
    private const double LargestMultiplier = 1000;
    private const int Powers = 31;

    /// <summary>How much longer each cycle is than the one before; 1 (the default) to 1000.</summary>
    public double Multiplier { get; init; } = 1;

    /// <summary>What the full rate is multiplied with at each restart; above 0, at most 1. Default 1.</summary>
    public double Decay { get; init; } = 1;

    /// <summary>How many cycles there are, after which the rule stays at its end; at least 1. 0, the default, goes on to the end of the run.</summary>
    public int Cycles { get; init; }

    /// <summary>Whether the moment at which a cycle ends is still its own, so that it comes down to its end, as in Darknet; default false.</summary>
    public bool EndsLate { get; init; }

    /// <inheritdoc/>
    public void Check(OptionChecks checks)
    {
        checks.Within(Multiplier, 1, LargestMultiplier);
        checks.Positive(Decay, 1);
        checks.AtLeast(Cycles, 0, int.MaxValue);
    }

    /// <summary>Where a rule that began at 0 stands now.</summary>
    internal SchedulePosition Find(SchedulePosition at)
    {
        var last = Cycles > 0 ? Cycles - 1 : int.MaxValue;
        if (Multiplier == 1)
        {
            var cycle = (int)Math.Min(last, EndsLate ? Math.Max(0, Math.Ceiling(at.Step / at.Steps) - 1) : Math.Floor(at.Step / at.Steps));
            return at with { Step = at.Step - (cycle * at.Steps), Restarts = cycle };
        }

        // Of 2^k cycles: how much longer the one after them is than the first, and how many times the first they take. Sums that double cancel nothing.
        Span<double> growth = stackalloc double[Powers], lengths = stackalloc double[Powers];
        (growth[0], lengths[0]) = (Multiplier, 1);
        for (var k = 1; k < Powers; k++) (growth[k], lengths[k]) = (growth[k - 1] * growth[k - 1], lengths[k - 1] * (1 + growth[k - 1]));
        for (var k = Powers - 1; k >= 0; k--)
        {
            var (cycles, taken) = (1 << k, at.Steps * lengths[k]);
            if (at.Step < taken || (EndsLate && at.Step == taken) || at.Restarts > last - cycles) continue;
            at = at with { Step = at.Step - taken, Steps = at.Steps * growth[k], Restarts = at.Restarts + cycles };
        }

        return at;
    }
}
