using System.CommandLine;
using Fovea.Cli.Output;
using Fovea.Cli.Pictures;
using Fovea.Cli.Usage;
using Fovea.Cli.Work;
using Fovea.Data.Sources;
using Fovea.Formats;
using Fovea.Naming;
using Fovea.Paths;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea data stats</c>: what a data set is made of.</summary>
internal static class DataStatsCommand
{
    private static readonly Argument<string> s_place = DataCommand.Place();
    private static readonly Option<bool> s_headers =
        new("--headers") { Description = "Read headers alone; without pixels there are no duplicates, no leaks and no corrupt images to tell" };
    private static readonly Option<string?> s_plots =
        new("--plots") { Description = "Write classes.png, a histogram, and resolutions.png, a scatter plot, to this folder", HelpName = "DIR" };
    private static readonly Option<string?> s_page = new("--html") { Description = "Write tables and pictures as one page to this file", HelpName = "FILE" };

    internal static Command Create() => new Command("stats", "Count images, classes, sizes and formats; find duplicates, leaks and corrupt images")
        .With(s_place, s_headers, s_plots, s_page).With(DataFlags.All).Runs(Run);

    private static int Run(Invocation call)
    {
        CheckTargets(call);
        var data = DataFlags.Find(call, call.Value(s_place)!);
        var (images, partOf, warnings) = data.OpenAll(call.Stop);
        foreach (var warning in warnings) call.Report.Warning(warning);
        var statistics = DatasetStatistics.Of(images, stop: call.Stop);
        var duplicates = call.Value(s_headers) ? null : LiveLines.Run(
            call.Report, view => DatasetDuplicates.Of(images, progress: done => Show(view, done, images.Count), stop: call.Stop));
        var findings = new DataFindings(data, images, partOf, statistics, duplicates);
        DataFindingsText.Print(call.Report, findings);
        if (statistics.Classes.Count == 1)
            call.Report.Warning(
                $"{Printable.Of(data.Place)}: one class alone; training wants at least 2{(data.Kind == "class folders" ? " class folders" : "")}");
        Write(call, findings);
        call.Report.Object(json => DataFindingsJson.Write(json, findings));
        return ExitCodes.Ok;
    }

    private static void CheckTargets(Invocation call)
    {
        if (call.Value(s_page) is { } page)
        {
            if (Directory.Exists(page)) throw new UsageException($"--html {Printable.Of(page)}: is a folder; wanted the path of a file");
            if (Directory.Exists(call.Value(s_place))) SeparateFolders.CheckFile("--html", page, call.Value(s_place)!);
            if (PathProblem.OfParent(page) is { } problem) throw new UsageException($"--html {Printable.Of(page)}: {problem}");
        }

        if (call.Value(s_plots) is { } plots) DataCommand.CheckApart("--plots", plots, call.Value(s_place)!);
    }

    private static void Write(Invocation call, DataFindings findings)
    {
        if (call.Value(s_plots) is { } folder)
        {
            OutputFolder.Create(folder);
            AtomicFile.Write(Path.Combine(folder, "classes.png"), stream => stream.Write(DataPlots.Classes(findings.Statistics)));
            AtomicFile.Write(Path.Combine(folder, "resolutions.png"), stream => stream.Write(DataPlots.Resolutions(findings.Statistics)));
        }

        if (call.Value(s_page) is { } page) AtomicFile.Write(page, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(DataPage.Write(findings))));
    }

    private static void Show(LiveView? view, int done, int count)
    {
        const int step = 64;
        if (view is null || (done % step != 0 && done != count)) return;
        lock (view) view.Show($"{LiveView.Bar((double)done / count)} {done} of {count} images");
    }
}
