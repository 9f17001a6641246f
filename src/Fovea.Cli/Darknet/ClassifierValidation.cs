using System.CommandLine;
using Fovea.Backends.OneDnn;
using Fovea.Cli.Usage;
using Fovea.Data.Augment;
using Fovea.Data.Batching;
using Fovea.Data.Sets;
using Fovea.Training.Batches;
using Fovea.Training.Evaluation;
using Fovea.Training.Logging.Styles;

namespace Fovea.Cli.Darknet;

/// <summary><c>fovea classifier valid</c>: an evaluation in Darknet's lines, one an image.</summary>
internal static class ClassifierValidation
{
    private const int BatchSize = 32;

    internal static Command Create() => new Command("valid", "Evaluate as 'darknet classifier valid' does: a line for each image, with the shares up to it")
        .With(ClassifierFiles.DataFile, ClassifierFiles.CfgFile, ClassifierFiles.WeightsFile).With(ClassifierFiles.Idle)
        .Runs(Run);

    private static int Run(Invocation call)
    {
        var files = ClassifierFiles.Of(call);
        var model = files.Model(call);
        var data = DataSet.Find(files.Data.File, stop: call.Stop);
        if (!data.HasValidation) throw new UsageException($"{files.Data.File}: has no valid; wanted valid = FILE, a list of images");
        var (images, warnings) = data.OpenFor(files.Data.ReadClassNames(), stop: call.Stop);
        foreach (var warning in warnings) call.Report.Warning(warning);
        using var loader = new BatchLoader(
            images, ImagePipeline.Evaluate(model.Preprocessing), new() { BatchSize = Math.Min(BatchSize, images.Count), Cache = CacheMode.None }, call.Stop);
        loader.ImageWarned += call.Report.Warning;
        using var evaluator = new Evaluator(new OneDnnBackend(), model.Graph, loader.ClassNames);
        using var log = new StyledLog(new DarknetStyle { Top = files.Data.TopElsewhere }, call.Report.RawLog, TimeProvider.System);
        var batches = new LoadedBatches(loader);
        var told = log.Evaluate(new(model.Name, images.ClassNames.Count, batches.Batches));
        var metrics = evaluator.Run(model.Tensors, batches, told.Batch, call.Stop);
        told.End(metrics);
        call.Report.Object(json => Work.EvaluationText.Write(json, metrics, confusion: false));
        return ExitCodes.Ok;
    }
}
