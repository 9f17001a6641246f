using System.CommandLine;
using Fovea.Cli.Foreign;
using Fovea.Cli.Usage;
using Fovea.Models;
using Fovea.Recipes;
using Fovea.Sources;
using Fovea.Training.Recipes;

namespace Fovea.Cli.Work;

/// <summary>The flags that say what is trained, and on what: of <c>train</c> and of commands that train to find something out.</summary>
internal static class RunFlags
{
    internal static Option<string?> Config { get; } = new("--config", "-c")
    {
        Description = "The recipe: a file, also a configuration of another system (docs/import.md), or the name of one that 'fovea recipe list' lists",
        HelpName = "FILE|NAME",
        CompletionSources = { _ => ShippedRecipes.Names },
    };

    internal static Option<string> Data { get; } = new("--data") { Description = DataFlags.Description, HelpName = "DATA", Required = true };

    internal static Option<string?> Model { get; } = new("--model")
    {
        Description = "The model, in place of the recipe's: a name (model.name), or a .fovea, .onnx or .cfg file or a run's folder to start from (model.source)",
        HelpName = "NAME|FILE|DIR",
        CompletionSources = { _ => ModelCatalog.All.Select(model => model.Name) },
    };

    internal static Option<string?> Weights { get; } = new("--weights")
    {
        Description = "The weights to start from, in place of the recipe's model.weights: safetensors, a PyTorch state dict, or a checkpoint",
        HelpName = "FILE",
    };

    internal static Option<string?> Pretrained { get; } = PretrainedFlag.Of(
        "Published weights to start from, in place of the recipe's model.pretrained: --pretrained for the model's default ones, or --pretrained=NAME "
        + "('fovea weights list')");

    internal static Option<string?> Key { get; } = new("--key")
    {
        Description = "The part of the weights' file to start from, in place of the recipe's model.weights_key, as in state_dict_ema",
        HelpName = "KEY",
    };

    internal static Option<string?> Precision { get; } =
        Choice.Optional("--precision", "The arithmetic, in place of the recipe's train.precision; auto is what is fastest here", "fp32", "bf16", "auto");

    /// <summary>The recipe that the flags come to.</summary>
    /// <exception cref="UsageException">They name neither a recipe nor a model.</exception>
    /// <exception cref="RecipeException">The recipe cannot be read, or options are out of range.</exception>
    internal static TrainRecipe Recipe(Invocation call, string command)
    {
        if (call.Value(Config) is null && call.Value(Model) is null && call.Value(Pretrained) is null)
            throw new UsageException($"'fovea {command}' wants -c FILE, a recipe ('fovea recipe list' lists some), or at least --model NAME");
        return Recipe(call.Value(Config), call);
    }

    /// <summary>The recipe of a file, or the defaults, with what the flags change.</summary>
    /// <param name="file">The file; null for the defaults.</param>
    /// <param name="call">The command line.</param>
    internal static TrainRecipe Recipe(string? file, Invocation call) => ForeignRecipe.Read(file, Changes(call), call).Recipe;

    /// <summary>What the flags change of a recipe, in order.</summary>
    internal static List<RecipeOverride> Changes(Invocation call)
    {
        var changes = RecipeFlags.Overrides(call).ToList();
        if (call.Value(Model) is { } model)
        {
            var isPath = ModelSource.IsPath(model);
            changes.Add(new($"--model {model}", "model.name", isPath ? "null" : RecipeWriter.Value(model)));
            changes.Add(new($"--model {model}", "model.source", RecipeWriter.Value(isPath ? model : "")));
        }

        if (call.Value(Weights) is { } weights)
        {
            changes.Add(new($"--weights {weights}", "model.weights", RecipeWriter.Value(weights)));
            if (call.Value(Pretrained) is null) changes.Add(new($"--weights {weights}", "model.pretrained", RecipeWriter.Value("")));
        }

        if (call.Value(Pretrained) is { } published)
        {
            changes.Add(new($"--pretrained={published}", "model.pretrained", RecipeWriter.Value(published)));
            if (call.Value(Weights) is null) changes.Add(new($"--pretrained={published}", "model.weights", RecipeWriter.Value("")));
        }

        if (call.Value(Key) is { } key) changes.Add(new($"--key {key}", "model.weights_key", RecipeWriter.Value(key)));
        if (call.Value(Precision) is { } precision) changes.Add(new($"--precision {precision}", "train.precision", precision));
        List<RecipeOverride> usual = [.. TrainFlags.Overrides(call)];
        Contradictions.Check(usual, changes);
        changes.AddRange(usual);
        changes.AddRange(PreprocessingFlags.Overrides(call));
        return changes;
    }
}
