using Fovea.Naming;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Fovea.Cli.Output;

/// <summary>Lines at the foot of a terminal that change while work goes on, under what is logged.</summary>
internal static class LiveLines
{
    /// <summary>Runs work that shows lines; they are gone afterwards.</summary>
    /// <param name="report">Where the log goes; when no person sees it, nothing is shown.</param>
    /// <param name="work">Receives what shows lines, null for nobody to show them to.</param>
    internal static T Run<T>(Report report, Func<LiveView?, T> work)
    {
        if (!report.LogIsTerminal) return work(null);
        var console = report.Terminal.Rich(report.LogWriter);
        return console.Live(Text.Empty).AutoClear(true).Overflow(VerticalOverflow.Crop).Start(context => work(new LiveView(console, context)));
    }
}

/// <summary>Shows the lines; what is written meanwhile goes through it.</summary>
internal sealed class LiveView(IAnsiConsole console, LiveDisplayContext context)
{
    private const int BarWidth = 24;

    /// <summary>Replaces the lines.</summary>
    internal void Show(params IEnumerable<string> lines) => context.UpdateTarget(new Rows(lines.Select(Line)));

    /// <summary>A line above them.</summary>
    internal void Log(string line) => console.WriteLine(Printable.Lines(line));

    /// <summary>A line above them in which nothing is from outside.</summary>
    internal void RawLog(string line) => console.WriteLine(line);

    /// <summary>A bar of a share, 0–1.</summary>
    internal static string Bar(double share)
    {
        var full = (int)Math.Round(BarWidth * Math.Clamp(share, 0, 1));
        return new string('━', full) + new string('╌', BarWidth - full);
    }

    private static IRenderable Line(string text) => new Text(Printable.Line(text)) { Overflow = Overflow.Ellipsis };
}
