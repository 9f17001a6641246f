using System.CommandLine;
using Fovea.Cli.Usage;
using Fovea.Cli.Work;
using Fovea.Tables;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea table tricks</c>: a grid with √ for what was on.</summary>
internal static class TableTricksCommand
{
    private static readonly Argument<string> s_folder = new("DIR") { Description = "The folder of a grid, as 'fovea ablate --out' makes it" };

    internal static Command Create() => TableCommand.Of(new TrickTable()).With(s_folder).Runs(call =>
    {
        TableFlags.Check(call);
        return TableFlags.Write(call, TrickTable.Of(call.Value(s_folder)!));
    });
}
