using System.CommandLine;
using Fovea.Cli.Usage;
using Fovea.Cli.Work;
using Fovea.Models;
using Fovea.Passes;
using Fovea.Tables;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea table cost</c>: what models cost, beside measured latencies.</summary>
internal static class TableCostCommand
{
    private static readonly Argument<string[]> s_models = new("MODEL") { Description = $"{ModelFlags.Description}; several", Arity = ArgumentArity.OneOrMore };

    private static readonly Option<string[]> s_latency = new("--latency")
    {
        Description = "Measurements: a CSV file whose first column names models, and each other one a device; empty cells and words stay. Several",
        HelpName = "FILE",
        AllowMultipleArgumentsPerToken = false,
    };

    internal static Command Create() => TableCommand.Of(new CostTable()).With(s_models).With(ModelFlags.Choices).With(s_latency).Runs(Run);

    private static int Run(Invocation call)
    {
        TableFlags.Check(call);
        FigureFile[] measured = [.. (call.Value(s_latency) ?? []).Select(path => FigureFile.Read(path))];
        return TableFlags.Write(call, CostTable.Of([.. call.Value(s_models)!.Select(name => Count(call, name))], measured));
    }

    private static CostFigures Count(Invocation call, string name) =>
        CostFigures.Of(name, Deploy.Structure(ModelFlags.Build(call, name, batch: 1), ModelCatalog.TryFind(name) is { } row ? row.DeployName : null));
}
