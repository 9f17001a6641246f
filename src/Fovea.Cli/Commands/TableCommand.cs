using System.CommandLine;
using Fovea.Cli.Usage;
using Fovea.Cli.Work;
using Fovea.Tables;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea table</c>: figures of data, models and runs, in the columns of tables that others publish.</summary>
internal static class TableCommand
{
    internal static Command Create() => new Command("table", "Figures of data, models and runs as a table: Markdown, CSV or JSON").With(
        [
            TableStatisticsCommand.Create(), TableClassesCommand.Create(new ClassTable(), "val", ClassTable.Of),
            TableClassesCommand.Create(new TrainClassTable(), "train", TrainClassTable.Of), TableCostCommand.Create(),
            .. RunTable.Kinds.Select(TableRunsCommand.Create), TableTricksCommand.Create(),
        ]);

    /// <summary>The command of a table, with the flags of all of them.</summary>
    internal static Command Of(TableKind kind) => new Command(kind.Name, kind.Description).With(TableFlags.All);
}
