using System.CommandLine;
using Fovea.Cli.Usage;
using Fovea.Data.Sets;
using Fovea.Data.Sources;
using Fovea.Naming;
using Fovea.Runs;

namespace Fovea.Cli.Work;

/// <summary>The flags that say how data is read which is no folder of class folders, and the data that the command line names.</summary>
internal static class DataFlags
{
    /// <summary>What <c>--data</c> may be.</summary>
    internal const string Description =
        "A folder with train/ and val/ (or test/), or one with class folders; a list of paths and labels; an archive of CIFAR; a folder of IDX files; "
        + "tar shards, by a pattern (name-{000..012}.tar) or an http(s) address too";

    private static readonly Option<string?> s_root =
        new("--image-root") { Description = "The folder where the paths of a list begin; by default that of the list", HelpName = "DIR" };

    private static readonly Option<string?> s_names =
        new("--label-names") { Description = "A file with the name of a class on each line, for labels of a list or of shards that are numbers", HelpName = "FILE" };

    private static readonly Option<bool> s_coarse = new("--coarse-labels") { Description = "Take the 20 coarse classes of CIFAR-100" };

    internal static Option[] All => [s_root, s_names, s_coarse];

    /// <summary>The data at a place, and how it is read.</summary>
    /// <param name="call">The command line.</param>
    /// <param name="place">The place.</param>
    /// <param name="run">The folder of a run whose data is read as the run read it, unless flags say another way; null for none.</param>
    /// <exception cref="UsageException">There is nothing.</exception>
    /// <exception cref="DataException">It cannot be read.</exception>
    internal static DataSet Find(Invocation call, string place, string? run = null)
    {
        if (!Path.Exists(place) && !DataSet.IsPattern(place)) throw Nothing(place);
        if (run is not null && !All.Any(call.Has) && RunRecipe.DataOf(run) is { } known && known.Place == RunData.Of(place).Place)
            return DataSet.Find(place, known.Options, call.Stop);
        Root(call);
        if (call.Value(s_names) is { } names && !File.Exists(names))
            throw new UsageException($"--label-names {Printable.Of(names)}: there is no such file; wanted one with the name of a class on each line");
        return DataSet.Find(place, Options(call), call.Stop);
    }

    /// <summary>The folder where the paths of a list begin; null for that of the list.</summary>
    /// <exception cref="UsageException">There is no such folder.</exception>
    internal static string? Root(Invocation call) => call.Value(s_root) is not { } root || Directory.Exists(root) ? call.Value(s_root)
        : throw new UsageException($"--image-root {Printable.Of(root)}: there is no such folder; wanted the folder where the paths of the list begin");

    /// <summary>The data that the command line names, for a run to note: by full paths, with what the run in the folder noted where no flag says it.</summary>
    internal static RunData Noted(Invocation call, string place, string? run)
    {
        if (run is not null && !All.Any(call.Has) && RunRecipe.DataOf(run) is { } known && known.Place == RunData.Of(place).Place) return known;
        return RunData.Of(place, Options(call));
    }

    private static SourceOptions Options(Invocation call) =>
        new() { Root = call.Value(s_root), ClassNames = call.Value(s_names), CoarseLabels = call.Value(s_coarse) };

    /// <summary>The flags as they were given, each with a space before it.</summary>
    /// <param name="call">The command line.</param>
    /// <param name="quoted">A path as a shell takes it.</param>
    internal static string Given(Invocation call, Func<string, string> quoted) =>
        (call.Value(s_root) is { } root ? $" {s_root.Name} {quoted(root)}" : "")
        + (call.Value(s_names) is { } names ? $" {s_names.Name} {quoted(names)}" : "")
        + (call.Value(s_coarse) ? $" {s_coarse.Name}" : "");

    internal static UsageException Nothing(string place) =>
        new(
            $"{Printable.Of(place)}: there is no such file or folder; wanted a folder with train/ and val/ (or test/), one with class folders, "
            + "a list, an archive or tar shards");
}
