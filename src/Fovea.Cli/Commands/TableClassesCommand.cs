using System.CommandLine;
using Fovea.Cli.Usage;
using Fovea.Cli.Work;
using Fovea.Naming;
using Fovea.Tables;
using Fovea.Training.Metrics;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea table classes</c> and <c>train-classes</c>: the accuracy of each class on a part of the data.</summary>
internal static class TableClassesCommand
{
    private const int BatchSize = 64;

    /// <param name="kind">The table.</param>
    /// <param name="split">The part of the data: <c>val</c> or <c>train</c>.</param>
    /// <param name="table">Makes it of what an evaluation found.</param>
    internal static Command Create(TableKind kind, string split, Func<EvaluationMetrics, ReportTable> table) => TableCommand.Of(kind)
        .With(SourceFlags.All)
        .With(DataFlags.All)
        .With(EvaluationData.Place, EvaluationData.Views, EvaluationData.Workers, EvaluationData.BadImages)
        .With(EvaluatedPart.Flags)
        .Runs(call => Run(call, split, table));

    private static int Run(Invocation call, string split, Func<EvaluationMetrics, ReportTable> table)
    {
        TableFlags.Check(call);
        using var evaluation = new ModelEvaluation(call, split, BatchSize, smaller: "a smaller --image-size or model");
        var metrics = evaluation.Run(call, fold: false);
        if (evaluation.BadImages > 0) call.Report.Warning($"{Amount.Of(evaluation.BadImages, "image")} that cannot be read count in no class");
        return TableFlags.Write(call, table(metrics));
    }
}
