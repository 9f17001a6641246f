using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Fovea.Cli.Commands;
using Fovea.Cli.Darknet;
using Fovea.Cli.Foreign;
using Fovea.Cli.Output;
using Fovea.Cli.Usage;
using Fovea.Cli.Work;

namespace Fovea.Cli;

/// <summary>The command-line tool: parses, runs one command, and turns whatever goes wrong into one line and an exit code.</summary>
internal static class Tool
{
    internal static Option<bool> Json { get; } = new("--json")
    {
        Description = "Print one JSON object on standard output; logs go to standard error",
        Recursive = true,
    };

    internal static Option<bool> Debug { get; } = new("--debug") { Description = "Show the stack of an error", Recursive = true };

    /// <summary>All commands.</summary>
    internal static RootCommand Root() =>
    [
        Json,
        Debug,
        TrainCommand.Create(),
        ValidateCommand.Create(),
        PredictCommand.Create(),
        AblateCommand.Create(),
        BenchCommand.Create(),
        ClassifierCommand.Create(),
        ConvertCommand.Create(),
        CostCommand.Create(),
        DataCommand.Create(),
        DeployCommand.Create(),
        DigestCommand.Create(),
        DoctorCommand.Create(),
        ExplainCommand.Create(),
        PlansCommand.Create(),
        ExportCommand.Create(),
        FindRateCommand.Create(),
        ModelsCommand.Create(),
        ParityCommand.Create(),
        QuantizeCommand.Create(),
        RecipeCommand.Create(),
        RepOptCommand.Create(),
        TableCommand.Create(),
        VersionCommand.Create(),
        WeightsCommand.Create(),
    ];

    /// <summary>Runs one command line.</summary>
    /// <param name="args">The words of it.</param>
    /// <param name="terminal">Where it writes.</param>
    /// <param name="lastResort">Takes what is done on another thread if the command does not end although it was asked to stop.</param>
    /// <param name="stop">Asks it to stop.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    internal static int Run(IReadOnlyList<string> args, Terminal terminal, Action<Action> lastResort, CancellationToken stop)
    {
        if (args.Count > 0 && args[0] == "help") args = [.. args.Skip(1), "--help"];
        var root = Root();
        root.Description = "Trains, explains, shrinks and ships image classifiers.";
        foreach (var help in root.Options.Select(option => option.Action).OfType<HelpAction>()) help.MaxWidth = terminal.Width;
        try
        {
            OtherTasks.Check(args);
            args = ForeignCommandLine.Translate(args, root);
        }
        catch (Exception e) when (!Start.LacksPart(e))
        {
            return ErrorBoundary.Report(e, new Report(terminal, json: args.Contains(Json.Name)), showStack: args.Contains(Debug.Name));
        }

        var given = root.Parse(PretrainedFlag.Completed(args), new ParserConfiguration { ResponseFileTokenReplacer = null });
        var report = new Report(terminal, json: given.GetValue(Json));
        try
        {
            if (args.Count == 0) return Help(root, terminal, ExitCodes.Usage);
            if (given.Action is null or CommandWork or ParseErrorAction) UsageErrors.Check(given);
            if (given.Action is CommandWork { Work: var work }) return Written(work(new Invocation(given, report, lastResort, stop)), report, report.Lost);
            var code = given.Invoke(Streams(terminal));
            return Written(code, report, terminal.OutProblem);
        }
        catch (Exception e) when (!Start.LacksPart(e))
        {
            return ErrorBoundary.Report(e, report, showStack: given.GetValue(Debug));
        }
    }

    /// <summary>Runs one command line where nothing is done if it does not end.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    internal static int Run(IReadOnlyList<string> args, Terminal terminal, CancellationToken stop = default) => Run(args, terminal, _ => { }, stop);

    /// <summary>A result that nobody has received is a failure; a run has its result in its folder.</summary>
    private static int Written(int code, Report report, string? problem)
    {
        if (code != ExitCodes.Ok || problem is null) return code;
        report.Error($"standard output: the result cannot be written: {problem}; wanted a place with room for it");
        return ExitCodes.Failure;
    }

    private static int Help(RootCommand root, Terminal terminal, int code)
    {
        root.Parse(["--help"]).Invoke(Streams(terminal));
        return code;
    }

    private static InvocationConfiguration Streams(Terminal terminal) =>
        new() { Output = terminal.Out, Error = terminal.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
}
