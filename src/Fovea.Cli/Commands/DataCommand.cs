using System.CommandLine;
using System.Text.Json;
using Fovea.Cli.Usage;
using Fovea.Cli.Work;
using Fovea.Data.Sources;
using Fovea.Naming;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea data</c>: draws, counts, divides and checks data sets.</summary>
internal static class DataCommand
{
    internal static Command Create() => new Command("data", "Draw, count, divide and check data sets").With(
        DataSynthCommand.Create(), DataStatsCommand.Create(), DataSplitCommand.Create(), DataCheckCommand.Create());

    /// <summary>What data commands take: where the data is.</summary>
    internal static Argument<string> Place() => new("DATA") { Description = DataFlags.Description };

    internal static void WriteBad(Utf8JsonWriter json, string name, IReadOnlyList<BadImage> images)
    {
        json.WriteStartArray(name);
        foreach (var bad in images)
        {
            json.WriteStartObject();
            json.WriteString("key", bad.Key);
            json.WriteString("class", bad.ClassName);
            json.WriteString("message", bad.Message);
            json.WriteString("moved_to", bad.MovedTo);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>A folder to be written that lies apart from what is read.</summary>
    /// <exception cref="UsageException">It does not.</exception>
    internal static void CheckApart(string option, string folder, string place)
    {
        if (Directory.Exists(place)) SeparateFolders.Check(option, folder, place);
        else if (File.Exists(folder)) throw new UsageException($"{option} {Printable.Of(folder)}: is no folder; wanted one, which need not exist");
    }
}
