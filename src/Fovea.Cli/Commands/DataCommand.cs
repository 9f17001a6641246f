using System.CommandLine;
using Fovea.Cli.Usage;
using Fovea.Cli.Work;
using Fovea.Naming;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea data</c>: fetches, draws, counts, divides, checks and shows data sets.</summary>
internal static class DataCommand
{
    internal static Command Create() => new Command("data", "Fetch, draw, count, divide, check and show data sets").With(
        DataDownloadCommand.Create(), DataSynthCommand.Create(), DataStatsCommand.Create(), DataSplitCommand.Create(),
        DataLongTailCommand.Create(), DataCheckCommand.Create(), DataPreviewCommand.Create());

    /// <summary>What data commands take: where the data is.</summary>
    internal static Argument<string> Place() => new("DATA") { Description = DataFlags.Description };

    /// <summary>A folder to be written that lies apart from what is read.</summary>
    /// <exception cref="UsageException">It does not.</exception>
    internal static void CheckApart(string option, string folder, string place)
    {
        if (Directory.Exists(place)) SeparateFolders.Check(option, folder, place);
        else if (File.Exists(folder)) throw new UsageException($"{option} {Printable.Of(folder)}: is no folder; wanted one, which need not exist");
    }
}
