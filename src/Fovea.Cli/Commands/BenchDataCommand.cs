using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Fovea.Cli.Usage;
using Fovea.Cli.Work;
using Fovea.Data.Augment;
using Fovea.Data.Batching;
using Fovea.Images;
using Fovea.Naming;
using Fovea.Runs;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea bench data</c>: how many images per second the loader makes ready.</summary>
internal static class BenchDataCommand
{
    private const int DefaultSize = 224;
    private const int DefaultCifarSize = 32;
    private const int MostEpochs = 1_000_000;

    private static readonly Argument<string> s_folder = new("DATA") { Description = DataFlags.Description };
    private static readonly Option<int?> s_imageSize =
        new("--image-size") { Description = "Rows and columns of the result; default 224, for cifar 32", HelpName = "N" };
    private static readonly Option<int> s_batch =
        new("--batch") { Description = "Images per batch", HelpName = "N", DefaultValueFactory = _ => 32 };
    private static readonly Option<int> s_workers = new("--workers") { Description = "Threads; default one per core", HelpName = "N" };
    private static readonly Option<int> s_epochs =
        new("--epochs") { Description = "Times that all images are read", HelpName = "N", DefaultValueFactory = _ => 1 };

    private static readonly Option<DataMode> s_mode = new("--mode")
    {
        Description = "train (random resized crop, default), val (resize, centre crop) or cifar (padded crop)", HelpName = "MODE",
    };

    private enum DataMode
    {
        Train,
        Val,
        Cifar,
    }

    internal static Command Create() => new Command("data", "Time the loader: reading, decoding, augmenting, batching")
        .With(s_folder, s_imageSize, s_mode, s_batch, s_workers, s_epochs).With(DataFlags.All).Runs(Run);

    private static int Run(Invocation call)
    {
        var (mode, workers, epochs) = (call.Value(s_mode), call.Within(s_workers, 0, EvaluationData.MostWorkers), call.Within(s_epochs, 1, MostEpochs));
        var size = call.Within(s_imageSize, 1, Preprocessing.LargestSide) ?? (mode == DataMode.Cifar ? DefaultCifarSize : DefaultSize);
        call.Within(s_batch, 1, ModelFlags.MostImages);
        var folder = call.Value(s_folder)!;
        var (images, _, warnings) = DataFlags.Find(call, folder).OpenAll(call.Stop);
        foreach (var warning in warnings) call.Report.Warning(warning);
        MemoryNeed.OfBatches(Math.Min(call.Value(s_batch), images.Count), size, "a smaller --batch or --image-size").Check(call.Report.Warning);
        using var loader = new BatchLoader(images, Steps(mode, size), new LoaderOptions
        {
            BatchSize = Math.Min(call.Value(s_batch), images.Count), IsTraining = mode != DataMode.Val, Workers = workers, Cache = CacheMode.None,
        });
        var (count, seconds) = Read(loader, epochs, call.Stop);
        var name = mode.ToString().ToLowerInvariant();
        call.Report.Line(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Amount.Of(count, "image")}, {name} at {size} px: {count / seconds:F0} images/s on {Threads(workers)} threads"));
        call.Report.Object(json =>
        {
            json.WriteString("mode", name);
            json.WriteNumber("image_size", size);
            json.WriteNumber("batch", loader.BatchSize);
            json.WriteNumber("workers", Threads(workers));
            json.WriteNumber("images", count);
            json.WriteNumber("seconds", seconds);
            json.WriteNumber("images_per_s", count / seconds);
        });
        return ExitCodes.Ok;
    }

    private static ImagePipeline Steps(DataMode mode, int size) => mode switch
    {
        DataMode.Train => ImagePipeline.Train(size) with { ScaledDecoding = true },
        DataMode.Val => ImagePipeline.Evaluate(size),
        _ => ImagePipeline.Cifar(size),
    };

    private static (long Images, double Seconds) Read(BatchLoader loader, int epochs, CancellationToken stop)
    {
        var (count, started) = (0L, Stopwatch.GetTimestamp());
        for (var epoch = 0; epoch < epochs; epoch++)
            foreach (var batch in loader.Epoch(epoch, stop: stop)) count += batch.Count;
        return (count, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private static int Threads(int workers) => workers > 0 ? workers : Environment.ProcessorCount;
}
