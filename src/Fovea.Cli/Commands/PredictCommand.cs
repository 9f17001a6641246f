using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Fovea.Cli.Work;
using Fovea.Data.Batching;
using Fovea.Data.Sources;
using Fovea.Naming;
using Fovea.Training.Recipes;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea predict</c>: what is on images.</summary>
internal static class PredictCommand
{
    private const int BatchSize = 32;

    private static readonly Argument<string[]> s_images = new("IMAGE") { Description = "Images, or folders of images", Arity = ArgumentArity.OneOrMore };

    private static readonly Option<int> s_top = new("--top") { Description = "How many classes an image", HelpName = "K", DefaultValueFactory = _ => 5 };

    internal static Command Create() => new Command("predict", "Tell what is on images")
        .With(s_images)
        .With(SourceFlags.All)
        .With(SourceFlags.ClassNames, s_top, EvaluationData.Workers)
        .Runs(Run);

    private static int Run(Invocation call)
    {
        if (call.Value(s_top) is var top && top < 1) throw new UsageException($"--top is {top}; wanted at least 1");
        var paths = call.Value(s_images)!.SelectMany(path => Expand(path, call)).ToArray();
        var model = SourceFlags.Load(call);
        var names = SourceFlags.NamesOf(call, model) ?? [.. Enumerable.Range(0, model.ClassCount).Select(c => $"class {c}")];
        var precision = SourceFlags.PrecisionOf(call, model.Precision);
        var images = new ImageFiles("", names, paths.Select(path => (path, 0)));
        var options = new LoaderOptions
        {
            BatchSize = Math.Min(BatchSize, images.Count), Workers = call.Value(EvaluationData.Workers), BadImages = BadImagePolicy.Skip, Cache = CacheMode.None,
        };
        using var loader = new BatchLoader(images, model.Preprocessing, options);
        loader.BadImageFound += bad => call.Report.Error(bad.Message);
        var results = Predict(call, model, precision, loader, Math.Min(top, names.Count));
        Print(call, model, images, names, results, loader.BadImages);
        return loader.BadImages.Count == 0 ? ExitCodes.Ok : ExitCodes.Failure;
    }

    private static SortedDictionary<int, Prediction[]> Predict(Invocation call, ModelSource model, Precision precision, BatchLoader loader, int top)
    {
        try
        {
            return Predictor.Run(model, MachineBackend.Open(precision, call.Report), precision, loader, top, call.Stop);
        }
        catch (DataException) when (loader.BadImages.Count == loader.Samples)
        {
            // Each image has been named with its reason; there is nothing to add.
            return [];
        }
    }

    private static void Print(
        Invocation call, ModelSource model, ImageFiles images, IReadOnlyList<string> names, SortedDictionary<int, Prediction[]> results, IReadOnlyList<BadImage> bad)
    {
        foreach (var (index, predictions) in results)
        {
            call.Report.Line(Printable.Of(images.Key(index)));
            foreach (var (number, probability) in predictions)
                call.Report.Line(string.Create(CultureInfo.InvariantCulture, $"  {probability:F6}  {Printable.Of(names[number])}"));
        }

        call.Report.Object(json =>
        {
            json.WriteString("model", model.Name);
            json.WriteString("weights", model.Weights);
            json.WriteStartArray("images");
            foreach (var (index, predictions) in results) Write(json, images.Key(index), names, predictions);
            json.WriteEndArray();
            json.WriteStartArray("bad_images");
            foreach (var image in bad.OrderBy(image => image.Index)) json.WriteStringValue(image.Key);
            json.WriteEndArray();
        });
    }

    private static void Write(Utf8JsonWriter json, string path, IReadOnlyList<string> names, Prediction[] predictions)
    {
        json.WriteStartObject();
        json.WriteString("path", path);
        json.WriteStartArray("predictions");
        foreach (var (number, probability) in predictions)
        {
            json.WriteStartObject();
            json.WriteNumber("class", number);
            json.WriteString("name", names[number]);
            json.WriteNumber("probability", probability);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static IEnumerable<string> Expand(string path, Invocation call)
    {
        if (File.Exists(path)) return [path];
        if (!Directory.Exists(path)) throw new UsageException($"{Printable.Of(path)}: there is no such image or folder");
        var (found, warnings) = ImageFiles.In(path, call.Stop);
        foreach (var warning in warnings) call.Report.Warning(warning);
        return found.Count > 0 ? found : throw new UsageException($"{Printable.Of(path)}: holds no images (JPEG, PNG, WebP, BMP)");
    }
}
