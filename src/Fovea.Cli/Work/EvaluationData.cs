using System.CommandLine;
using System.Globalization;
using Fovea.Cli.Output;
using Fovea.Cli.Usage;
using Fovea.Data.Augment;
using Fovea.Data.Batching;
using Fovea.Data.Sets;
using Fovea.Data.Sources;
using Fovea.Formats.Artefact;
using Fovea.Naming;
using Fovea.Options;
using Fovea.Pretrained;
using Fovea.Runs;
using Fovea.Sources;
using Fovea.Training.Recipes;

namespace Fovea.Cli.Work;

/// <summary>The images that a model is evaluated on.</summary>
internal static class EvaluationData
{
    internal const int MostWorkers = 1024;

    /// <summary>The share and the key where training's are not known: those of a recipe that says nothing.</summary>
    private static readonly ValidationSplit s_usualSplit = new(new DataOptions().ValidationFraction, new DataOptions().SplitSeed);

    private static readonly Dictionary<string, Views> s_views = Enum.GetValues<Views>().ToDictionary(views => OptionNames.SnakeCase(views.ToString()));

    /// <summary>Which data; what a run was trained on may be left out.</summary>
    internal static Option<string?> Place { get; } = new("--data") { Description = $"{DataFlags.Description}. By default the run's own", HelpName = "DATA" };

    internal static Option<string> Split { get; } = Choice.Of("--split", "Which images: val, train, or all", "val", "train", "all");

    internal static Option<string> BadImages { get; } = Choice.Of(
        "--bad-images", "What becomes of images that cannot be read: fail or skip", "fail", "skip");

    internal static Option<string?> Views { get; } = Choice.Optional(
        "--views", "Which views of each image are looked at, whose logits are averaged; by default one, for a run those of its recipe", [.. s_views.Keys]);

    internal static Option<int> Workers { get; } = new("--workers")
    {
        Description = "Threads that decode; 0 for one per core",
        HelpName = "N",
        DefaultValueFactory = _ => 0,
        Validators =
        {
            result =>
            {
                if (result.Tokens is [var token] && int.TryParse(token.Value, CultureInfo.InvariantCulture, out var number) && number is < 0 or > MostWorkers)
                    result.AddError($"--workers is {token.Value}; wanted 0 (one per core) to {MostWorkers}");
            },
        },
    };

    /// <summary>The data that the flag names, or what the run of the model was trained on.</summary>
    /// <exception cref="UsageException">There is none, or neither says any.</exception>
    /// <exception cref="DataException">It cannot be read.</exception>
    internal static DataSet Find(Invocation call)
    {
        var run = SourceFlags.RunOf(call);
        if (call.Value(Place) is { } named) return DataFlags.Find(call, named, run);
        var place = (run is null ? null : RunRecipe.DataOf(run)?.Place)
            ?? throw new UsageException(
                run is null
                    ? "which data? wanted --data DATA; only a run says its own"
                    : $"{Printable.Of(run)}: does not say which data it was trained on; wanted --data DATA");
        if (!Path.Exists(place) && !DataSet.IsPattern(place))
            throw new UsageException($"{Printable.Of(run!)}: was trained on {Printable.Of(place)}, where nothing is now; wanted --data DATA");
        call.Report.Note($"{Printable.Of(run!)}: its own data is evaluated, {Printable.Of(place)}; --data says other");
        return DataFlags.Find(call, place, run);
    }

    /// <summary>The images of a model's classes; warnings about the data are reported.</summary>
    /// <exception cref="UsageException">The classes are not the model's.</exception>
    /// <exception cref="DataException">There are no such images.</exception>
    internal static IImageSource Open(DataSet data, string split, LoadedModel model, Report report, CancellationToken stop = default)
    {
        var (images, warnings) = Part(data, split, model, [], stop);
        foreach (var warning in warnings) report.Warning(warning);
        return images;
    }

    /// <summary>The images of a model's classes, and what is odd about them.</summary>
    /// <param name="data">The data.</param>
    /// <param name="split"><c>val</c>, <c>train</c> or <c>all</c>.</param>
    /// <param name="model">The model; data that is not divided is divided as it says, otherwise as a recipe that says nothing.</param>
    /// <param name="moved">Images that were moved away, and keep their places.</param>
    /// <param name="stop">Ends reading them.</param>
    /// <exception cref="UsageException">The classes are not the model's.</exception>
    /// <exception cref="DataException">There are no such images.</exception>
    internal static (IImageSource Images, IReadOnlyList<string> Warnings) Part(
        DataSet data, string split, LoadedModel model, IReadOnlyCollection<string> moved, CancellationToken stop)
    {
        var options = new OpenOptions
        {
            ValidationFraction = (model.Split ?? s_usualSplit).Fraction,
            SplitSeed = (model.Split ?? s_usualSplit).Seed,
            AllowEmptyClasses = true,
            MinimumClasses = 1,
            Quarantined = moved,
        };
        var names = ImageNetClasses.AreNames(model.Classes) ? model.SpeltAs(ClassesOf(data, stop)).Classes! : model.Classes ?? NamesOf(data, model, stop);
        return split == "all" ? All(data, names, stop) : data.OpenFor(names, validation: split == "val", options, stop);
    }

    /// <summary>The views that the flag says, otherwise the model's own.</summary>
    internal static Views ViewsOf(Invocation call, LoadedModel model) => call.Value(Views) is { } name ? s_views[name] : model.Views;

    /// <summary>How views are spelt.</summary>
    internal static string NameOf(Views views) => OptionNames.SnakeCase(views.ToString());

    /// <summary>The rows of a batch of some images: as many as there are images for, each with all of its views.</summary>
    internal static int Rows(int batchSize, int images, Views views) => Math.Min(Math.Max(batchSize / views.Count(), 1), images) * views.Count();

    /// <summary>A loader of images as the model sees them, in their order.</summary>
    internal static BatchLoader Loader(IImageSource images, LoadedModel model, Views views, int batchSize, Invocation call)
    {
        var pipeline = ImagePipeline.Evaluate(model.Preprocessing) with { Views = views };
        if (pipeline.Problems() is [var problem, ..]) throw new UsageException($"--{problem.Path} is {problem.Value}; wanted {problem.Wanted}");
        var loader = new BatchLoader(images, pipeline, new LoaderOptions
        {
            BatchSize = Rows(batchSize, images.Count, views),
            Workers = call.Value(Workers),
            BadImages = call.Value(BadImages) == "skip" ? BadImagePolicy.Skip : BadImagePolicy.Fail,
            Cache = CacheMode.None,
        }, call.Stop);
        loader.BadImageFound += bad => call.Report.Warning($"{bad.Message} (skipped)");
        loader.ImageWarned += call.Report.Warning;
        return loader;
    }

    /// <summary>The names of the classes in their order, for weights that know classes by number alone.</summary>
    private static IReadOnlyList<string> NamesOf(DataSet data, LoadedModel model, CancellationToken stop)
    {
        var names = ClassesOf(data, stop);
        if (names.Count == model.ClassCount) return names;
        string[] numbers = [.. Enumerable.Range(0, model.ClassCount).Select(number => number.ToString(CultureInfo.InvariantCulture))];
        return data.HasNumbersForNames && !names.Except(numbers).Any()
            ? numbers
            : throw new UsageException(
                $"{Printable.Of(data.Place)}: has {names.Count} class{(data is { Kind: "class folders" } ? " folders" : "es")}, "
                + $"{model.Name} with {model.Origin} has {Amount.Of(model.ClassCount, "class")}; wanted as many, "
                + $"in the order that the weights were trained in, or --classes {names.Count} with weights for it");
    }

    private static IReadOnlyList<string> ClassesOf(DataSet data, CancellationToken stop) =>
        data.Open(new OpenOptions { AllowEmptyClasses = true, MinimumClasses = 1 }, stop).ClassNames;

    private static (IImageSource Images, IReadOnlyList<string> Warnings) All(DataSet data, IReadOnlyList<string> names, CancellationToken stop)
    {
        var (images, _, warnings) = data.OpenAll(stop);
        var labels = names.ToHashSet(StringComparer.Ordinal);
        if (images.ClassNames.FirstOrDefault(name => !labels.Contains(name)) is { } unknown)
            throw new UsageException(
                $"{Printable.Of(data.Place)}: the model does not know the class '{Printable.Of(unknown)}'; wanted only its {Amount.Of(names.Count, "class")}");
        return (new ImageSelection(images, Enumerable.Range(0, images.Count), names), warnings);
    }
}
