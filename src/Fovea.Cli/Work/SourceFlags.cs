using System.CommandLine;
using Fovea.Cli.Usage;
using Fovea.Data.Sources;
using Fovea.Naming;
using Fovea.Pretrained;
using Fovea.Sources;
using Fovea.Training.Recipes;

namespace Fovea.Cli.Work;

/// <summary>The flags that say which model with which weights: a run's, or one of the catalogue with a file.</summary>
internal static class SourceFlags
{
    private const int MostBytesOfNames = 16 << 20;

    internal static Option<string?> Run { get; } = new("--run") { Description = "The folder of a training run", HelpName = "DIR" };

    internal static Option<string?> Checkpoint { get; } =
        new("--checkpoint") { Description = "Which checkpoint of the run: best (default), latest, or a kept one such as epoch-0010", HelpName = "NAME" };

    /// <summary>The same where what a run ended with is meant.</summary>
    internal static Option<string?> LatestCheckpoint { get; } =
        new("--checkpoint") { Description = "Which checkpoint of the run: latest (default), best, or a kept one such as epoch-0010", HelpName = "NAME" };

    internal static Option<string?> Model { get; } = new("--model")
    {
        Description = "A shipped model (.fovea), an ONNX file (.onnx), a Darknet cfg with its weights beside it or --weights, the folder of a run, or a model of the "
            + "catalogue with --weights or --pretrained",
        HelpName = "NAME|FILE|DIR",
    };

    internal static Option<string?> Weights { get; } =
        new("--weights") { Description = "The weights of --model: safetensors, a PyTorch state dict, a checkpoint, or of a Darknet cfg .weights", HelpName = "FILE" };

    internal static Option<string?> Pretrained { get; } = PretrainedFlag.Of(
        "Published weights of --model: --pretrained for its default ones, or --pretrained=NAME, which says the model, too ('fovea weights list')");

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
    internal static Option[] OfModel => [Model, Weights, Pretrained, Key, Classes];

    internal static Symbol[] All => [Run, Checkpoint, .. OfModel, .. PreprocessingFlags.All, Precision];

    private const string Wanted = "--run DIR, --model FILE (.fovea, .onnx), or --model NAME with --weights FILE or --pretrained";

    /// <summary>The model that the flags name.</summary>
    /// <exception cref="UsageException">The flags do not name one, or contradict each other.</exception>
    /// <exception cref="ModelSourceException">They name what does not exist.</exception>
    internal static LoadedModel Load(Invocation call)
    {
        var run = call.Value(Run);
        if (run is not null)
        {
            Refuse(call, "--run", "the run says what it is of", OfModel);
            return new RunSource().Load(run, Options(call));
        }

        if (PlaceOf(call) is { } place) return At(call, place);
        throw new UsageException(
            call.Value(Weights) is null ? $"which model? wanted {Wanted}" : $"--weights alone does not say the model; wanted {Wanted}");
    }

    /// <summary>What the flags name: the place of a model, or the model of the published weights; null for nothing.</summary>
    internal static string? PlaceOf(Invocation call) => call.Value(Model)
        ?? (call.Value(Pretrained) is { } name && call.Value(Weights) is null ? WeightsCatalog.Find(name).Model : null);

    /// <summary>The model at a place, which the other flags go with.</summary>
    internal static LoadedModel At(Invocation call, string place)
    {
        var kind = ModelSource.Of(place);
        var isPublished = call.Value(Pretrained) is not null;
        if (!kind.IsDescribed) Refuse(call, kind.What, "it says what it is of", [Pretrained, Classes, .. kind.TakesWeights ? [] : new Option[] { Weights, Key }]);
        else if (isPublished) Refuse(call, Pretrained.Name, "it names the weights", Weights, Key);
        else if (call.Value(Weights) is null) throw new UsageException($"--model {place} has no weights; wanted {Wanted}");
        if (!kind.HasCheckpoints) Refuse(call, kind.IsDescribed ? "--model" : kind.What, "it says which of a run's checkpoints", Checkpoint);
        if (isPublished) return DownloadLine.Shown(call.Report, Options(call), options => kind.Load(place, options));
        var model = kind.Load(place, Options(call));
        return model.Tensors.Count > 0 ? model : throw new UsageException($"--model {place} has no weights; wanted --weights FILE, or a file beside it");
    }

    /// <summary>The folder of the run whose model the flags name; null where it is another source's.</summary>
    internal static string? RunOf(Invocation call) => call.Value(Run) ?? (call.Value(Model) is { } model && Directory.Exists(model) ? model : null);

    /// <summary>What the flags say beside the place.</summary>
    internal static LoadOptions Options(Invocation call) => new()
    {
        Images = PreprocessingFlags.Of(call),
        Checkpoint = call.Value(Checkpoint) ?? "best",
        Weights = call.Value(Weights) ?? "",
        WeightsKey = call.Value(Key) ?? "",
        Pretrained = call.Value(Pretrained) ?? "",
        Stop = call.Stop,
        Classes = call.Within(Classes, 1, int.MaxValue),
        Note = call.Report.Note,
        Warn = call.Report.Warning,
    };

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
    internal static IReadOnlyList<string>? NamesOf(Invocation call, LoadedModel model)
    {
        if (ReadNames(call) is not { } names) return model.Classes;
        return names.Count == model.ClassCount
            ? names
            : throw new UsageException(
                $"--class-names {call.Value(ClassNames)}: has {Amount.Of(names.Count, "name")}; "
                + $"{model.Name} with {model.Origin} has {Amount.Of(model.ClassCount, "class")}");
    }

    /// <summary>The names in the file that the flag names; null without it.</summary>
    /// <exception cref="UsageException">There is no such file.</exception>
    internal static IReadOnlyList<string>? ReadNames(Invocation call)
    {
        if (call.Value(ClassNames) is not { } path) return null;
        return File.Exists(path)
            ? [.. TextFile.Lines(path, MostBytesOfNames).Select(line => line.Trim()).Where(line => line.Length > 0)]
            : throw new UsageException(
                $"--class-names {path}: {(Directory.Exists(path) ? "is a folder" : "there is no such file")}; wanted a text file with a name on each line");
    }

    /// <summary>Throws when one of the options is given.</summary>
    internal static void Refuse(Invocation call, string beside, string reason, params Option[] options)
    {
        if (Array.Find(options, call.Has) is { } option) throw new UsageException($"{option.Name} does not go with {beside}: {reason}");
    }
}
