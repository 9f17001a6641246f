using System.Globalization;
using Fovea.Training.State;

namespace Fovea.Runs;

/// <summary>The lines above a run's recipe that say when it began and went on, and what was changed then.</summary>
internal static class RunHistory
{
    private const string Title = "# history:";
    private const string Entry = "# - ";
    private const string Change = "#     ";

    /// <summary>The first line stays, and of the others the newest, so that a run that is started again for ever keeps a recipe that can be read.</summary>
    private const int MostLines = 1000;

    /// <summary>The lines of a recipe's head.</summary>
    /// <param name="head">The lines above a recipe.</param>
    internal static IReadOnlyList<string> In(IReadOnlyList<string> head) =>
        [.. head.SkipWhile(line => line != Title).Skip(1).TakeWhile(line => line.StartsWith(Entry, StringComparison.Ordinal) || IsChange(line))];

    /// <summary>The lines with one more entry, under their title.</summary>
    /// <param name="lines">What there is.</param>
    /// <param name="now">When the run begins or goes on.</param>
    /// <param name="from">Where it stands; null where it begins.</param>
    /// <param name="changes">What is changed then.</param>
    internal static IEnumerable<string> Longer(IReadOnlyList<string> lines, DateTimeOffset now, RunState? from, IEnumerable<string> changes)
    {
        var time = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var where = from is null ? "began"
            : from.Batch == 0 ? $"went on after epoch {from.Epoch}, step {from.Step}"
            : $"went on in epoch {from.Epoch + 1}, after step {from.Step}";
        return Titled([.. lines, $"{Entry}{time} {where}", .. changes.Select(change => Change + change)]);
    }

    /// <summary>The lines under their title; nothing where there are none.</summary>
    internal static IEnumerable<string> Titled(IReadOnlyList<string> lines) =>
        lines.Count == 0 ? [] : [Title, lines[0], .. lines.Skip(Math.Max(1, lines.Count - MostLines))];

    private static bool IsChange(string line) => line.StartsWith(Change, StringComparison.Ordinal);
}
