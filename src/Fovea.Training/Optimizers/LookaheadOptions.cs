using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Options;

namespace Fovea.Training.Optimizers;

/// <summary>
/// Lookahead (Zhang et al. 2019, arXiv:1907.08610): after every k steps slow weights go a share of the way to the fast ones, which go on from there. As in
/// timm, the slow weights begin as what the first k steps led to.
/// </summary>
public sealed record LookaheadOptions : WrapperOptions
{
    private const string Slow = "slow";

    /// <inheritdoc/>
    public override string Kind => "lookahead";

    /// <summary>k; 1–1 000 000. Default 5.</summary>
    public int Every { get; init; } = 5;

    /// <summary>The share of the way; above 0, at most 1. Default 0.5.</summary>
    public double Alpha { get; init; } = 0.5;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        checks.AtLeast(Every, 1, 1_000_000);
        checks.Positive(Alpha, 1);
    }

    /// <inheritdoc/>
    public override Value After(ParameterUpdate update, Value next)
    {
        var begins = update.Number("lookahead_begins", moment => moment.Step == Every ? 1 : 0);
        var goesOn = update.Number("lookahead_goes_on", moment => moment.Step == Every ? 0 : 1);
        var meets = update.Number("lookahead_meets", moment => moment.Step % Every == 0 ? 1 : 0);
        var parts = update.Number("lookahead_parts", moment => moment.Step % Every == 0 ? 0 : 1);
        var share = update.Number("lookahead_share", moment => moment.Step % Every == 0 ? Alpha : 0);
        var before = next.Times(begins).Plus(update.Slot(Slow).Times(goesOn));
        var slow = update.Keep(Slow, before.Plus(next.Minus(before).Times(share)));
        return slow.Times(meets).Plus(next.Times(parts));
    }
}
