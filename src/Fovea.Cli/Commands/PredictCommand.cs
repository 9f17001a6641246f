using System.CommandLine;
using Fovea.Backends.OneDnn;
using Fovea.Cli.Predictions;
using Fovea.Cli.Usage;
using Fovea.Cli.Work;
using Fovea.Formats;
using Fovea.Pretrained;
using Fovea.Runs;
using Fovea.Sources;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea predict</c>: what is on images.</summary>
internal static class PredictCommand
{
    private const int BatchSize = 32;

    private static readonly Argument<string[]> s_images = new("IMAGE")
    {
        Description = "Images, folders of images, lists of paths with or without labels, archives of CIFAR, IDX files, tar shards (also by a pattern or an address), "
            + "or - for an image on standard input",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<int> s_top = new("--top") { Description = "How many classes an image", HelpName = "K", DefaultValueFactory = _ => 5 };

    private static readonly Option<string> s_format = Choice.Of(
        "--format", "How results are written: text, csv (a line an image, its best classes side by side), or jsonl (a JSON object a line)",
        "text", "csv", "jsonl");

    private static readonly Option<string?> s_out = new("--out", "-o") { Description = "Write the results to a file", HelpName = "FILE" };

    private static readonly Option<string?> s_sort = new("--sort-into")
    {
        Description = "Copy each image into the folder of its likeliest class, DIR/CLASS/", HelpName = "DIR",
    };

    internal static Command Create() => new Command("predict", "Tell what is on images")
        .With(s_images)
        .With(SourceFlags.All)
        .With(DataFlags.All)
        .With(SourceFlags.ClassNames, s_top, s_format, s_out, s_sort, EvaluationData.Workers)
        .Runs(Run);

    private static int Run(Invocation call)
    {
        var top = call.Within(s_top, 1, int.MaxValue);
        if (call.Report.Json && (call.Has(s_format) || call.Has(s_out)))
            throw new UsageException("--json prints one object on standard output; wanted it, or --format and --out");
        var sorted = call.Value(s_sort) is { } folder ? new SortedImages(folder, call.Report.Warning) : null;
        if (sorted is not null) SortedImages.Check(s_sort.Name, call.Value(s_sort)!, call.Value(s_images)!);
        var images = new ImagesToPredict(call).Of(call.Value(s_images)!);
        var model = SourceFlags.Load(call);
        var names = SourceFlags.NamesOf(call, model) ?? Unnamed(call, model);
        var precision = MachinePrecision.Choose(SourceFlags.PrecisionOf(call, model.Precision), new OneDnnBackend(), call.Report.Log, call.Report.Warning);
        var options = new ClassifierOptions { Precision = precision, Batch = BatchSize, Sessions = 1, Workers = call.Value(EvaluationData.Workers) };
        MemoryNeed.Of(model.Graph(BatchSize), "a smaller --image-size or model").Check(call.Report.Warning);
        using var classifier = Classifier.Of(model.Shipped(names), options);
        var results = images.SelectMany(some => some(classifier));
        if (sorted is not null) results = results.Select(result => Copied(result, sorted));
        top = Math.Min(top, names.Count);
        if (call.Report.Json) return PrintObject(call, model, names, [.. results], top);
        if (call.Value(s_out) is not { } file) return Print(call, results, WriterFor(call, call.Report.Text, names, top, call.Report.Terminal.NameWidth));
        var code = ExitCodes.Ok;
        AtomicFile.Write(file, stream =>
        {
            using var text = new StreamWriter(stream, leaveOpen: true);
            code = Print(call, results, WriterFor(call, text.Write, names, top, int.MaxValue));
        });
        return code;
    }

    private static ImagePrediction Copied(ImagePrediction result, SortedImages sorted)
    {
        sorted.Add(result);
        return result;
    }

    /// <summary>Names for classes that weights know by number alone: ImageNet's where there are as many.</summary>
    private static IReadOnlyList<string> Unnamed(Invocation call, LoadedModel model)
    {
        if (model.ClassCount != ImageNetClasses.Count) return [.. Enumerable.Range(0, model.ClassCount).Select(c => $"class {c}")];
        call.Report.Note($"{model.Origin}: nothing names its {ImageNetClasses.Count} classes; taken are ImageNet's (--class-names FILE says others)");
        return ImageNetClasses.Names;
    }

    private static PredictionWriter WriterFor(
        Invocation call, Action<string> write, IReadOnlyList<string> names, int top, int nameWidth) => call.Value(s_format) switch
    {
        "csv" => new CsvPredictions(write, top),
        "jsonl" => new JsonLinesPredictions(write, names, top),
        _ => new TextPredictions(write, top, nameWidth),
    };

    private static int Print(Invocation call, IEnumerable<ImagePrediction> results, PredictionWriter writer)
    {
        var code = ExitCodes.Ok;
        writer.Begin();
        foreach (var result in results)
        {
            writer.Add(result);
            if (result.Failure is not { } failure) continue;
            call.Report.Error(failure.Message);
            code = ExitCodes.Failure;
        }

        return code;
    }

    private static int PrintObject(Invocation call, LoadedModel model, IReadOnlyList<string> names, IReadOnlyList<ImagePrediction> results, int top)
    {
        var bad = results.Where(result => result.Failure is not null).ToArray();
        foreach (var result in bad) call.Report.Error(result.Failure!.Message);
        call.Report.Object(json =>
        {
            json.WriteString("model", model.Name);
            json.WriteString("weights", model.Origin);
            json.WriteStartArray("images");
            foreach (var result in results.Except(bad)) PredictionJson.Write(json, result, names, top);
            json.WriteEndArray();
            json.WriteStartArray("bad_images");
            foreach (var result in bad) json.WriteStringValue(result.Path);
            json.WriteEndArray();
        });
        return bad.Length == 0 ? ExitCodes.Ok : ExitCodes.Failure;
    }
}
