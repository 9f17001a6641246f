using System.CommandLine;
using Fovea.Cli.Usage;
using Fovea.Import;
using Fovea.Import.Foreign;
using Fovea.Import.Systems;
using Fovea.Recipes;
using Fovea.Training.Recipes;

namespace Fovea.Cli.Foreign;

/// <summary>Flags by which a training program does something else: <c>--eval</c>, <c>--throughput</c>; and configurations for commands that take flags alone.</summary>
/// <param name="command">The command that was typed.</param>
/// <param name="root">All commands with their flags.</param>
internal sealed class ForeignMode(string command, Command root)
{
    private const string Evaluate = "--eval";
    private const string Throughput = "--throughput";
    private const string Tag = "--tag";

    /// <summary>The passes that are timed, and those before them, as RepVGG's authors have it.</summary>
    private static readonly string[] s_passes = ["--steps", "30", "--warm-up", "50"];

    /// <summary>The words of the command that is meant.</summary>
    internal IReadOnlyList<string> Apply(IReadOnlyList<string> words)
    {
        if (command == "train" && words.Contains(Throughput, StringComparer.Ordinal)) return Timed(words);
        if (command == "train" && words.Contains(Evaluate, StringComparer.Ordinal)) return Evaluated([.. words.Where(word => word != Evaluate)]);
        if (command == "train") return [command, .. Tagged(words)];
        return words.Any(word => word is "-c" or "--config") ? [command, .. Described(words, command)] : [command, .. words];
    }

    /// <summary>Where a run has a tag, its folder is that of the model and the tag below the output.</summary>
    private static IReadOnlyList<string> Tagged(IReadOnlyList<string> words)
    {
        if (Take(words, Tag, out var rest) is not { } tag) return words;
        var output = Take(rest, "--out", out var others) ?? throw new UsageException($"{Tag} {tag} names a folder below --out; wanted --out DIR");
        return [.. others, "--out", Path.Combine(output, Recipe(others).Model.Name ?? "model", tag)];
    }

    /// <summary>The forward pass alone, with random numbers for images.</summary>
    private IReadOnlyList<string> Timed(IReadOnlyList<string> words)
    {
        var recipe = Recipe([.. words.Where(word => word != Throughput)]);
        var size = recipe.Data.ImageSize > 0 ? new[] { "--image-size", $"{recipe.Data.ImageSize}" } : [];
        return
        [
            "bench", "infer", recipe.Model.Name ?? "resnet18", "--training-form", "--batch", $"{Math.Max(1, recipe.Train.BatchSize)}", .. size, .. s_passes,
            .. Kept(words, ["--precision"]),
        ];
    }

    /// <summary>An evaluation by the flags that it shares with training; without weights it is that of the run in the output folder.</summary>
    private IReadOnlyList<string> Evaluated(IReadOnlyList<string> words)
    {
        var weights = Take(words, "--resume", out var rest) ?? Take(words, "--weights", out rest);
        if (weights is null && Take(rest, "--out", out _) is not null) rest = Tagged(rest);
        var output = Take(rest, "--out", out rest);
        _ = Take(rest, Tag, out rest);
        string[] source = weights is not null ? ["--weights", weights] : rest.Contains("--pretrained", StringComparer.Ordinal) || output is null ? [] : ["--run", output];
        var known = Known("validate");
        string[] described = [.. source is ["--run", ..] ? Without(rest) : Described(rest, "validate")];
        return ["validate", .. Kept(described, known), .. source];
    }

    /// <summary>What a configuration says of model and images, as flags; flags that were given win.</summary>
    private static IReadOnlyList<string> Described(IReadOnlyList<string> words, string command)
    {
        if (!words.Any(word => word is "-c" or "--config" or "--override")) return words;
        var recipe = Recipe(words);
        var data = recipe.Data;
        (string Flag, string? Value)[] flags =
        [
            ("--model", recipe.Model.Name),
            ("--image-size", data.ImageSize > 0 ? RecipeWriter.Value(data.ImageSize) : null),
            ("--crop-fraction", data.CropFraction > 0 ? RecipeWriter.Value(data.CropFraction) : null),
            ("--interpolation", data.Interpolation is { } way ? RecipeWriter.Value(way) : null),
            ("--mean", data.Mean.Count > 0 ? RecipeWriter.Value(data.Mean).Trim('[', ']').Replace(" ", "", StringComparison.Ordinal) : null),
            ("--std", data.Std.Count > 0 ? RecipeWriter.Value(data.Std).Trim('[', ']').Replace(" ", "", StringComparison.Ordinal) : null),
        ];
        var rest = Without(words);
        return [.. rest, .. flags.Where(flag => flag.Value is not null && !rest.Contains(flag.Flag, StringComparer.Ordinal)).SelectMany(flag => new[] { flag.Flag, flag.Value! })];
    }

    /// <summary>The words without the configuration and what replaces its values.</summary>
    private static IReadOnlyList<string> Without(IReadOnlyList<string> words)
    {
        foreach (var flag in new[] { "-c", "--config", "--override", "--cards", "--set" })
            while (Take(words, flag, out var rest) is not null) words = rest;
        return words;
    }

    private static TrainRecipe Recipe(IReadOnlyList<string> words)
    {
        var (changes, left) = (new List<RecipeOverride>(), words);
        while (Take(left, "--override", out var rest) is { } change)
        {
            changes.Add(RecipeOverride.Parse(change, "--override"));
            left = rest;
        }

        var model = Take(words, "--model", out _);
        RecipeOverride[] named = model is null ? [] : [new($"--model {model}", "model.name", RecipeWriter.Value(model))];
        var file = Take(words, "-c", out _) ?? Take(words, "--config", out _);
        if (file is null && changes is not [{ Path: [>= 'A' and <= 'Z', ..] }, ..]) return RecipeReader.Read(null, [.. changes, .. named]);
        if (file is not null && RecipeImport.SystemOf(file) is null) return RecipeReader.Read(file, [.. changes, .. named]);
        var options = new ImportOptions { Changes = changes };
        var imported = file is null ? RecipeImport.Parse("", "--opts", options, ForeignSystems.OfOptions) : RecipeImport.Read(file, options);
        return imported.Recipe ?? throw new RecipeException(string.Join('\n', imported.Refusals));
    }

    /// <summary>The value of a flag, and the words without both; null, and all words, where it is not there or has none.</summary>
    private static string? Take(IReadOnlyList<string> words, string flag, out IReadOnlyList<string> rest)
    {
        rest = words;
        for (var i = 0; i + 1 < words.Count; i++)
        {
            if (words[i] != flag || words[i + 1].StartsWith("--", StringComparison.Ordinal)) continue;
            rest = [.. words.Take(i), .. words.Skip(i + 2)];
            return words[i + 1];
        }

        return null;
    }

    /// <summary>Flags of training that the other command has not are left out, with their values; what is no flag of training stays, to be told.</summary>
    private List<string> Kept(IReadOnlyList<string> words, HashSet<string> wanted)
    {
        var (trained, kept, drops) = (Known("train"), new List<string>(), false);
        foreach (var word in words)
        {
            if (word.StartsWith('-')) drops = !wanted.Contains(word.Split('=')[0]) && (trained.Contains(word.Split('=')[0]) || word == Throughput);
            if (!drops) kept.Add(word);
        }

        return kept;
    }

    private HashSet<string> Known(params ReadOnlySpan<string> path)
    {
        var at = root;
        foreach (var name in path)
        {
            var wanted = name;
            at = at.Subcommands.First(sub => sub.Name == wanted);
        }

        return at.Options.SelectMany(option => option.Aliases.Append(option.Name)).Concat(root.Options.Select(option => option.Name)).ToHashSet(StringComparer.Ordinal);
    }
}
