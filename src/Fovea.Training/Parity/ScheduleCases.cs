using Fovea.Data.Parity;
using Fovea.Training.Schedules;
using Fovea.Training.State;

namespace Fovea.Training.Parity;

/// <summary>The cases of <c>schedules.json</c>: the rate, and the momentum where the rule sets it, at each epoch.</summary>
/// <param name="root">The fixture.</param>
internal sealed class ScheduleCases(FixtureNode root)
{
    /// <summary>Numbers of the fixture have nine digits.</summary>
    private const double Relative = 1e-8;
    private const double Absolute = 1e-13;

    /// <summary>The fixtures have the rate of all schedules at the same points: a case with fewer has lost some.</summary>
    private readonly int _points = root["cases"].Items.Max(entry => entry["lr"].Items.Count);

    internal IEnumerable<ComponentResult> Compare() => [.. root["cases"].Items.Select(Case)];

    private ComponentResult Case(FixtureNode entry)
    {
        var name = entry["name"].Text();
        return ComponentCase.Result(entry, name, () =>
        {
            var p = entry["params"];
            var full = ScheduleCaseOptions.FullRate(name, p);
            if (ScheduleCaseOptions.Of(name, p, full) is not { } schedule) return $"there is no schedule of the name '{name}'";
            if ((p.Unknown() ?? ComponentCase.Problem(schedule)) is { } wrong) return wrong;
            var rates = entry["lr"].Numbers(_points);
            var metrics = schedule.FollowsScores ? entry["metric"].Numbers(_points) : [];
            var momenta = schedule.Drives.Contains(ScheduleOptions.Momentum) ? entry["momentum"].Numbers(_points) : [];
            for (var t = 0; t < _points; t++)
            {
                EpochScore[] scores = [.. metrics.Take(t).Select((value, i) => new EpochScore(i + 1, value, value))];
                var run = new RunProgress(t, StepsPerEpoch: 1, _points, scores);
                if (Failure("the rate", t, schedule.RateAt(full, run), rates[t]) is { } far) return far;
                if (momenta.Length == 0) continue;
                if (Failure("the momentum", t, schedule.NumberAt(ScheduleOptions.Momentum, run), momenta[t]) is { } other) return other;
            }

            return null;
        });
    }

    private static string? Failure(string what, int t, double found, double wanted) => Math.Abs(found - wanted) <= (Relative * Math.Abs(wanted)) + Absolute
        ? null
        : FormattableString.Invariant($"{what} at {t} is {found:G10}; wanted {wanted:G10}");
}
