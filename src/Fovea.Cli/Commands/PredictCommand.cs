using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Fovea.Backends.OneDnn;
using Fovea.Cli.Usage;
using Fovea.Cli.Work;
using Fovea.Data.Sources;
using Fovea.Naming;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea predict</c>: what is on images.</summary>
internal static class PredictCommand
{
    private const int BatchSize = 32;

    private static readonly Argument<string[]> s_images = new("IMAGE")
    {
        Description = "Images, folders of images, or lists of paths and labels (.csv, .tsv, .txt, .lst)",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly string[] s_lists = [".csv", ".tsv", ".txt", ".lst"];

    private static readonly Option<int> s_top = new("--top") { Description = "How many classes an image", HelpName = "K", DefaultValueFactory = _ => 5 };

    internal static Command Create() => new Command("predict", "Tell what is on images")
        .With(s_images)
        .With(SourceFlags.All)
        .With(DataFlags.All)
        .With(SourceFlags.ClassNames, s_top, EvaluationData.Workers)
        .Runs(Run);

    private static int Run(Invocation call)
    {
        var top = call.Within(s_top, 1, int.MaxValue);
        var paths = call.Value(s_images)!.SelectMany(path => Expand(path, call)).ToArray();
        var model = SourceFlags.Load(call);
        var names = SourceFlags.NamesOf(call, model) ?? [.. Enumerable.Range(0, model.ClassCount).Select(c => $"class {c}")];
        var precision = MachinePrecision.Choose(SourceFlags.PrecisionOf(call, model.Precision), new OneDnnBackend(), call.Report);
        var options = new ClassifierOptions { Precision = precision, Batch = BatchSize, Sessions = 1, Workers = call.Value(EvaluationData.Workers) };
        MemoryNeed.Of(model.Graph(BatchSize), "a smaller --image-size or model").Check(call.Report);
        using var classifier = Classifier.Of(model.Shipped(names), options);
        var results = new List<ImagePrediction>();
        foreach (var result in classifier.PredictEach(paths, call.Stop))
        {
            results.Add(result);
            if (result.Failure is { } failure) call.Report.Error(failure.Message);
        }

        Print(call, model, names, [.. results.Where(result => result.Failure is null)], [.. results.Where(result => result.Failure is not null)], top);
        return results.TrueForAll(result => result.Failure is null) ? ExitCodes.Ok : ExitCodes.Failure;
    }

    private static void Print(
        Invocation call, ModelSource model, IReadOnlyList<string> names, IReadOnlyList<ImagePrediction> results, IReadOnlyList<ImagePrediction> bad, int top)
    {
        foreach (var result in results)
        {
            call.Report.Line(Printable.Of(result.Path));
            foreach (var (name, probability) in result.Prediction!.Top(top))
                call.Report.Line(string.Create(CultureInfo.InvariantCulture, $"  {probability:F6}  {Printable.Of(name)}"));
        }

        call.Report.Object(json =>
        {
            json.WriteString("model", model.Name);
            json.WriteString("weights", model.Weights);
            json.WriteStartArray("images");
            foreach (var result in results) Write(json, result, names, top);
            json.WriteEndArray();
            json.WriteStartArray("bad_images");
            foreach (var result in bad) json.WriteStringValue(result.Path);
            json.WriteEndArray();
        });
    }

    private static void Write(Utf8JsonWriter json, ImagePrediction result, IReadOnlyList<string> names, int top)
    {
        json.WriteStartObject();
        json.WriteString("path", result.Path);
        json.WriteStartArray("predictions");
        foreach (var number in result.Prediction!.TopNumbers(top))
        {
            json.WriteStartObject();
            json.WriteNumber("class", number);
            json.WriteString("name", names[number]);
            json.WriteNumber("probability", result.Prediction.Probabilities.Span[number]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static IEnumerable<string> Listed(string path, Invocation call)
    {
        var (images, _, warnings) = DataFlags.Find(call, path).OpenAll(call.Stop);
        foreach (var warning in warnings) call.Report.Warning(warning);
        return Enumerable.Range(0, images.Count).Select(images.Path);
    }

    private static IEnumerable<string> Expand(string path, Invocation call)
    {
        if (File.Exists(path)) return s_lists.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase) ? Listed(path, call) : [path];
        if (!Directory.Exists(path)) throw new UsageException($"{Printable.Of(path)}: there is no such image or folder");
        var (found, warnings) = ImageFiles.In(path, call.Stop);
        foreach (var warning in warnings) call.Report.Warning(warning);
        return found.Count > 0 ? found : throw new UsageException($"{Printable.Of(path)}: holds no images (JPEG, PNG, WebP, BMP)");
    }
}
