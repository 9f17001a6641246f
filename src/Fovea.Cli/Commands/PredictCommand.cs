using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Fovea.Backends.OneDnn;
using Fovea.Cli.Usage;
using Fovea.Cli.Work;
using Fovea.Data.Sets;
using Fovea.Data.Sources;
using Fovea.Naming;
using Fovea.Sources;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea predict</c>: what is on images.</summary>
internal static class PredictCommand
{
    private const int BatchSize = 32;

    private static readonly Argument<string[]> s_images = new("IMAGE")
    {
        Description = "Images, folders of images, lists of paths and labels, archives of CIFAR, IDX files, or tar shards (also by a pattern or an address)",
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>Ends of names of files that hold many images, or name them.</summary>
    private static readonly string[] s_sets = [".csv", ".tsv", ".txt", ".lst", ".tar", ".gz", ".tgz", ".bin", ".idx"];

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
        var images = Images(call);
        var model = SourceFlags.Load(call);
        var names = SourceFlags.NamesOf(call, model) ?? [.. Enumerable.Range(0, model.ClassCount).Select(c => $"class {c}")];
        var precision = MachinePrecision.Choose(SourceFlags.PrecisionOf(call, model.Precision), new OneDnnBackend(), call.Report);
        var options = new ClassifierOptions { Precision = precision, Batch = BatchSize, Sessions = 1, Workers = call.Value(EvaluationData.Workers) };
        MemoryNeed.Of(model.Graph(BatchSize), "a smaller --image-size or model").Check(call.Report);
        using var classifier = Classifier.Of(model.Shipped(names), options);
        var results = new List<ImagePrediction>();
        foreach (var result in images.SelectMany(some => some(classifier)))
        {
            results.Add(result);
            if (result.Failure is { } failure) call.Report.Error(failure.Message);
        }

        Print(call, model, names, [.. results.Where(result => result.Failure is null)], [.. results.Where(result => result.Failure is not null)], top);
        return results.TrueForAll(result => result.Failure is null) ? ExitCodes.Ok : ExitCodes.Failure;
    }

    private static void Print(
        Invocation call, LoadedModel model, IReadOnlyList<string> names, IReadOnlyList<ImagePrediction> results, IReadOnlyList<ImagePrediction> bad, int top)
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
            json.WriteString("weights", model.Origin);
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

    /// <summary>The images in their order; files that follow each other are classified together.</summary>
    private static List<Func<Classifier, IEnumerable<ImagePrediction>>> Images(Invocation call)
    {
        var (all, files) = (new List<Func<Classifier, IEnumerable<ImagePrediction>>>(), new List<string>());
        void Close()
        {
            if (files.Count == 0) return;
            var those = files.ToArray();
            all.Add(classifier => classifier.PredictEach(those, call.Stop));
            files.Clear();
        }

        foreach (var path in call.Value(s_images)!)
        {
            if (FilesOf(path, call) is { } found)
            {
                files.AddRange(found);
                continue;
            }

            Close();
            var (images, _, warnings) = DataFlags.Find(call, path).OpenAll(call.Stop);
            foreach (var warning in warnings) call.Report.Warning(warning);
            all.Add(classifier => classifier.PredictEach(images, call.Stop));
        }

        Close();
        return all;
    }

    /// <summary>The image, or those of a folder; null for a place that is a set of data of another kind.</summary>
    private static IReadOnlyList<string>? FilesOf(string path, Invocation call)
    {
        if (DataSet.IsPattern(path)) return null;
        if (File.Exists(path)) return s_sets.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase) ? null : [path];
        if (!Directory.Exists(path)) throw new UsageException($"{Printable.Of(path)}: there is no such image or folder");
        var (found, warnings) = ImageFiles.In(path, call.Stop);
        foreach (var warning in warnings) call.Report.Warning(warning);
        if (found.Count > 0) return found;
        return Directory.EnumerateFiles(path).Any()
            ? null
            : throw new UsageException($"{Printable.Of(path)}: holds no images (JPEG, PNG, WebP, BMP)");
    }
}
