using System.CommandLine;
using Fovea.Cli.Usage;
using Fovea.Cli.Work;
using Fovea.Tables;

namespace Fovea.Cli.Commands;

/// <summary>The tables of runs: <c>fovea table results</c>, <c>errors</c> and others.</summary>
internal static class TableRunsCommand
{
    internal static Command Create(RunTable kind)
    {
        var runs = new Argument<string[]>("RUN")
        {
            Description = "The folder of a run, or a model that is not trained, whose cells of accuracy stay empty; several", Arity = ArgumentArity.OneOrMore,
        };
        var command = TableCommand.Of(kind).With(runs);
        if (kind.PaperColumns.Count == 0) return command.Runs(call => Run(call, kind, runs, paper: null));
        var paper = new Option<string?>("--paper")
        {
            Description = $"Figures of a paper: a CSV file whose first column names runs or models; its other columns: {string.Join(", ", kind.PaperColumns)}",
            HelpName = "FILE",
        };
        return command.With(paper).Runs(call => Run(call, kind, runs, call.Value(paper)));
    }

    private static int Run(Invocation call, RunTable kind, Argument<string[]> runs, string? paper)
    {
        TableFlags.Check(call);
        var figures = paper is null ? null : FigureFile.Read(paper);
        var options = new Sources.LoadOptions { Note = call.Report.Note, Warn = call.Report.Warning, Stop = call.Stop };
        return TableFlags.Write(call, kind.Checked([.. call.Value(runs)!.Select(place => RunFigures.Of(place, options))], figures));
    }
}
