using System.CommandLine;
using Fovea.Cli.Usage;
using Fovea.Cli.Work;
using Fovea.Data.Sources;
using Fovea.Tables;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea table statistics</c>: images per class.</summary>
internal static class TableStatisticsCommand
{
    private static readonly Argument<string> s_place = DataCommand.Place();

    internal static Command Create() => TableCommand.Of(new StatisticsTable()).With(s_place).With(DataFlags.All).Runs(Run);

    private static int Run(Invocation call)
    {
        TableFlags.Check(call);
        var (images, _, warnings) = DataFlags.Find(call, call.Value(s_place)!).OpenAll(call.Stop);
        foreach (var warning in warnings) call.Report.Warning(warning);
        var statistics = DatasetStatistics.Of(images, stop: call.Stop);
        foreach (var bad in statistics.Unreadable) call.Report.Warning(bad.Message);
        return TableFlags.Write(call, StatisticsTable.Of(statistics));
    }
}
