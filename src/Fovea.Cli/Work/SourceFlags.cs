using System.CommandLine;
using Fovea.Cli.Usage;
using Fovea.Data.Sources;
using Fovea.Formats.Artefact;
using Fovea.Models;
using Fovea.Training.Recipes;

namespace Fovea.Cli.Work;

/// <summary>The flags that say which model with which weights: a run's, or one of the catalogue with a file.</summary>
internal static class SourceFlags
{
    private const int MostBytesOfNames = 16 << 20;

    internal static Option<string?> Run { get; } = new("--run") { Description = "The folder of a training run", HelpName = "DIR" };

    internal static Option<string?> Checkpoint { get; } =
        new("--checkpoint") { Description = "Which checkpoint of the run: best (default), latest, or a kept one such as epoch-0010", HelpName = "NAME" };

    internal static Option<string?> Model { get; } = new("--model")
    {
        Description = "A model of the catalogue, or a shipped model in one file (.fovea), in place of --run",
        HelpName = "NAME|FILE",
    };

    internal static Option<string?> Weights { get; } =
        new("--weights") { Description = "The weights of --model: safetensors, a PyTorch state dict, or a checkpoint", HelpName = "FILE" };

    internal static Option<string?> Key { get; } = new("--key")
    {
        Description =
            "The part of the weights' file to read: keys with dots between them, as in state_dict_ema or ema.model, or how the names of the tensors begin",
        HelpName = "KEY",
    };

    internal static Option<int?> Classes { get; } = new("--classes")
    {
        Description = "The classes of --model; by default as many as the weights are for",
        HelpName = "N",
    };

    internal static Option<string?> Precision { get; } =
        Choice.Optional(
            "--precision", "The arithmetic; by default fp32, for a run the one it was trained in; auto is what is fastest here", "fp32", "bf16", "auto");

    internal static Option<string?> ClassNames { get; } =
        new("--class-names") { Description = "A file with the name of a class on each line, for weights that know classes by number alone", HelpName = "FILE" };

    /// <summary>The flags that describe a model of the catalogue with weights.</summary>
    internal static Option[] OfModel => [Model, Weights, Key, Classes];

    internal static Symbol[] All => [Run, Checkpoint, .. OfModel, .. PreprocessingFlags.All, Precision];

    /// <summary>The model that the flags name.</summary>
    /// <exception cref="UsageException">The flags do not name one, contradict each other, or name what does not exist.</exception>
    internal static ModelSource Load(Invocation call)
    {
        var (run, model, weights) = (call.Value(Run), call.Value(Model), call.Value(Weights));
        if (run is not null)
        {
            Refuse(call, "--run", "the run says what it is of", OfModel);
            return RunModel.Load(run, call.Value(Checkpoint) ?? "best", call.Report, PreprocessingFlags.Of(call));
        }

        Refuse(call, "--model", "it says which of a run's checkpoints", Checkpoint);
        if (model is not null && model.EndsWith(FoveaFile.Extension, StringComparison.OrdinalIgnoreCase))
        {
            Refuse(call, "a shipped model", "the file says it", Weights, Key, Classes, PreprocessingFlags.ImageSize);
            return ShippedModel.Load(model, PreprocessingFlags.Of(call));
        }

        if (model is null || weights is null)
        {
            var problem = model is not null
                ? $"--model {model} {(Path.Exists(model) && ModelCatalog.TryFind(model) is null ? "is no shipped model" : "has no weights")};"
                : weights is not null ? "--weights alone does not say the model;" : "which model?";
            throw new UsageException($"{problem} wanted --run DIR, --model FILE.fovea, or --model NAME with --weights FILE");
        }

        return Named(call, model, weights);
    }

    /// <summary>The arithmetic: what the flag says, otherwise the model's own.</summary>
    internal static Precision PrecisionOf(Invocation call, Precision otherwise) => call.Value(Precision) switch
    {
        "fp32" => Training.Recipes.Precision.Fp32,
        "bf16" => Training.Recipes.Precision.Bf16,
        "auto" => Training.Recipes.Precision.Auto,
        _ => otherwise,
    };

    /// <summary>The names of a model's classes: of the file that the flag names, or those that the weights know; null where neither does.</summary>
    /// <exception cref="UsageException">There is no such file, or it has not one name for each class.</exception>
    internal static IReadOnlyList<string>? NamesOf(Invocation call, ModelSource model)
    {
        if (call.Value(ClassNames) is not { } path) return model.Classes;
        if (!File.Exists(path))
            throw new UsageException(
                $"--class-names {path}: {(Directory.Exists(path) ? "is a folder" : "there is no such file")}; wanted a text file with a name on each line");
        string[] names = [.. TextFile.Lines(path, MostBytesOfNames).Select(line => line.Trim()).Where(line => line.Length > 0)];
        return names.Length == model.ClassCount
            ? names
            : throw new UsageException($"--class-names {path}: has {names.Length} names; {model.Name} with {model.Weights} has {model.ClassCount} classes");
    }

    /// <summary>A model of the catalogue with weights from a file.</summary>
    internal static ModelSource Named(Invocation call, string name, string path)
    {
        if (File.Exists(name) && ModelCatalog.All.All(known => known.Name != name))
            throw new UsageException($"--model {name}: is a file; wanted a model of the catalogue, or one that 'fovea deploy' wrote ({FoveaFile.Extension})");
        var row = ModelCatalog.Find(name);
        var recipe = new TrainRecipe { Model = new ModelChoice { Name = name } }.Resolved(row, PreprocessingFlags.Of(call));
        var given = WeightLoading.Read(path, call.Value(Key) ?? "", call.Report);
        var usual = recipe.GraphOf(row, row.Classes)(1);
        var classes = call.Within(Classes, 1, int.MaxValue) ?? WeightLoading.ClassesOf(WeightLoading.Best(row, usual, given), usual)?.Given ?? row.Classes;
        var graph = recipe.GraphOf(row, classes);
        return new()
        {
            Name = name,
            Weights = path,
            Graph = graph,
            Tensors = WeightLoading.Match(row, graph(1), given, path).Taken,
            ClassCount = classes,
            Preprocessing = recipe.Preprocessing,
        };
    }

    /// <summary>Throws when one of the options is given.</summary>
    internal static void Refuse(Invocation call, string beside, string reason, params Option[] options)
    {
        if (Array.Find(options, call.Has) is { } option) throw new UsageException($"{option.Name} does not go with {beside}: {reason}");
    }

}
