using System.CommandLine;
using Fovea.Cli.Output;
using Fovea.Cli.Usage;
using Fovea.Cli.Work;
using Fovea.Data.Downloads;
using Fovea.Data.Sources.Published;
using Fovea.Naming;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea data download</c>: fetches published data sets.</summary>
internal static class DataDownloadCommand
{
    private static readonly string[] s_names = [.. PublishedDataSet.All.Select(set => set.Name)];

    private static readonly Argument<string> s_name = new("NAME") { Description = "The data set: " + string.Join(", ", s_names) };

    private static readonly Argument<string?> s_folder =
        new("DIR") { Description = "The folder for its files; by default one of its name here", Arity = ArgumentArity.ZeroOrOne };

    private static readonly Option<string?> s_from =
        new("--from") { Description = "The http(s) address of a mirror under which the files are, in place of the publishers'", HelpName = "URL" };

    internal static Command Create() => new Command("download", "Fetch a published data set; goes on where an earlier attempt stopped")
        .With(s_name, s_folder, s_from).Runs(Run);

    private static int Run(Invocation call)
    {
        var name = call.Value(s_name)!;
        var set = PublishedDataSet.All.FirstOrDefault(known => known.Name == name)
            ?? throw new UsageException($"NAME is '{Printable.Of(name)}'; wanted {string.Join(" or ", s_names)}");
        var folder = call.Value(s_folder) ?? set.Name;
        if (File.Exists(folder)) throw new UsageException($"{Printable.Of(folder)}: is a file; wanted a folder, which need not exist");
        var fetched = LiveLines.Run(
            call.Report, view => Download.Fetch(set, folder, Mirror(call), progress: at => view?.Show(DownloadLine.Of(at)), stop: call.Stop));
        var there = set.Files.Count - fetched.Count;
        call.Report.Line(
            $"{set.Name} is in {Printable.Of(folder)}: {Amount.Of(fetched.Count, "file")} fetched{(there > 0 ? $", {there} were there" : "")}, "
            + $"sums as published; to train on it: --data {Printable.Of(folder)}");
        call.Report.Object(json =>
        {
            json.WriteString("name", set.Name);
            json.WriteString("folder", folder);
            json.WriteStartArray("files");
            foreach (var file in set.Files) json.WriteStringValue(file.Name);
            json.WriteEndArray();
            json.WriteNumber("fetched", fetched.Count);
        });
        return ExitCodes.Ok;
    }

    private static Uri? Mirror(Invocation call)
    {
        if (call.Value(s_from) is not { } text) return null;
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw new UsageException($"--from {Printable.Of(text)}: is no http(s) address; wanted one under which the files are");
    }
}
