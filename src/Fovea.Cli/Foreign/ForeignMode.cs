using System.CommandLine;
using Fovea.Cli.Usage;
using Fovea.Recipes;
using Fovea.Training.Recipes;

namespace Fovea.Cli.Foreign;

/// <summary>
/// Flags by which a training program does something else: <c>--eval</c>, <c>--throughput</c>; and configurations for commands that take flags alone.
/// </summary>
/// <param name="command">The command that was typed.</param>
/// <param name="root">All commands with their flags.</param>
internal sealed class ForeignMode(string command, Command root)
{
    private const string Evaluate = "--eval";
    private const string Throughput = "--throughput";
    private const string Tag = "--tag";
    private const string Resume = "--resume";

    /// <summary>The passes that are timed, and those before them, as RepVGG's authors have it.</summary>
    private static readonly string[] s_passes = ["--steps", "30", "--warm-up", "50"];

    /// <summary>Flags of evaluations that say how images become the input, and the options that they are.</summary>
    private static readonly (string Flag, string Option)[] s_images =
    [
        ("--image-size", "data.image_size"), ("--crop-fraction", "data.crop_fraction"), ("--interpolation", "data.interpolation"), ("--mean", "data.mean"),
        ("--std", "data.std"),
    ];

    /// <summary>The words of the command that is meant.</summary>
    /// <exception cref="UsageException">They are not complete.</exception>
    internal IReadOnlyList<string> Apply(IReadOnlyList<string> words)
    {
        if (command != "train")
            return !words.Any(word => word is "-c" or "--config") ? [command, .. words]
                : [command, .. Has(words, "--run") ? OfRun(words) : Described(words)];
        if (words.Contains(Tag, StringComparer.Ordinal) && Take(words, Tag, out _) is null) throw new UsageException($"{Tag} wants a name");
        if (words.Contains(Throughput, StringComparer.Ordinal)) return Timed(words);
        if (words.Contains(Evaluate, StringComparer.Ordinal)) return Evaluated([.. words.Where(word => word != Evaluate)]);
        return [command, .. Tagged(GoingOn(words))];
    }

    /// <summary>A run goes on in its folder, where a file of its checkpoints is named.</summary>
    /// <exception cref="UsageException">The file is of no run.</exception>
    private static IReadOnlyList<string> GoingOn(IReadOnlyList<string> words)
    {
        if (Take(words, Resume, out var rest) is not { } file || file.StartsWith('-')) return words;
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        var run = Path.GetDirectoryName(folder);
        if (Path.GetFileName(folder) != "checkpoints" || run is null || !File.Exists(Path.Combine(run, "recipe.yaml")))
            throw new UsageException(
                $"{Resume} {file}: is no checkpoint in the folder of a run; wanted --out DIR {Resume} to go on with the run in DIR, or --weights {file} to begin one with "
                + "these weights");
        _ = TakeOutput(rest, out rest);
        _ = Take(rest, Tag, out rest);
        return [.. rest, "--out", run, Resume, "--checkpoint", Path.GetFileNameWithoutExtension(file)];
    }

    /// <summary>Where a run has a tag, its folder is that of the model and the tag below the output.</summary>
    private static IReadOnlyList<string> Tagged(IReadOnlyList<string> words)
    {
        if (Take(words, Tag, out var rest) is not { } tag) return words;
        var output = TakeOutput(rest, out var others) ?? throw new UsageException($"{Tag} {tag} names a folder below --out; wanted --out DIR");
        var recipe = Recipe(others);
        var model = ModelOf(recipe, $"{Tag} {tag} names a folder of the model");
        return [.. others, "--out", Path.Combine(output, recipe.Model.Name ?? Path.GetFileNameWithoutExtension(model), tag)];
    }

    /// <summary>The forward pass alone, with random numbers for images.</summary>
    private IReadOnlyList<string> Timed(IReadOnlyList<string> words)
    {
        _ = Take(words, Tag, out words);
        var recipe = Recipe([.. words.Where(word => word != Throughput)]);
        var size = recipe.Data.ImageSize > 0 ? new[] { "--image-size", $"{recipe.Data.ImageSize}" } : [];
        return
        [
            "bench", "infer", ModelOf(recipe, $"{Throughput} times a model"), "--training-form", "--batch", $"{Math.Max(1, recipe.Train.BatchSize)}", .. size,
            .. s_passes, .. Kept(words, ["--precision"]),
        ];
    }

    /// <summary>The model that a recipe names, or the file of its network.</summary>
    /// <exception cref="UsageException">It says neither.</exception>
    private static string ModelOf(TrainRecipe recipe, string why) =>
        NameOf(recipe.Model) ?? throw new UsageException($"{why}, and the configuration has none; wanted --model NAME");

    private static string? NameOf(ModelChoice model) => model.Name ?? (model.Source.Length > 0 ? model.Source : null);

    /// <summary>An evaluation by the flags that it shares with training; without weights it is that of the run in the output folder.</summary>
    private IReadOnlyList<string> Evaluated(IReadOnlyList<string> words)
    {
        var weights = Take(words, Resume, out var rest) ?? Take(words, "--weights", out rest);
        if (weights is null && TakeOutput(rest, out _) is not null) rest = Tagged(rest);
        var output = TakeOutput(rest, out rest);
        _ = Take(rest, Tag, out rest);
        string[] source = weights is not null ? ["--weights", weights] : output is null || Has(rest, "--pretrained") ? [] : ["--run", output];
        var described = source is ["--run", ..] ? OfRun(rest) : Described(rest, isWeighted: weights is not null);
        return ["validate", .. Kept(described, Known("validate")), .. source];
    }

    /// <summary>What is said of a run's images otherwise than the run has it; its model is its own.</summary>
    private static IReadOnlyList<string> OfRun(IReadOnlyList<string> words)
    {
        var (changes, sets) = (Changes(words, "--override"), Changes(words, "--set"));
        var chosen = ForeignRecipe.Chosen(FileOf(words), new() { Changes = changes }, sets);
        return Joined(Without(words), s_images.Select(image => (image.Flag, chosen.TryGetValue(image.Option, out var value) ? Numbers(value) : null)));
    }

    /// <summary>What a configuration says of model and images, as flags; flags that were given win.</summary>
    /// <param name="words">The words.</param>
    /// <param name="isWeighted">Whether the weights are said elsewhere.</param>
    private static IReadOnlyList<string> Described(IReadOnlyList<string> words, bool isWeighted = false)
    {
        if (!words.Any(word => word is "-c" or "--config" or "--override")) return words;
        var recipe = Recipe(words);
        var (data, weights) = (recipe.Data, recipe.Model.Weights);
        return Joined(
            Without(words),
            [
                ("--model", NameOf(recipe.Model)),
                ("--weights", weights.Length > 0 && !isWeighted && !Has(words, "--pretrained") ? weights : null),
                ("--image-size", data.ImageSize > 0 ? RecipeWriter.Value(data.ImageSize) : null),
                ("--crop-fraction", data.CropFraction > 0 ? RecipeWriter.Value(data.CropFraction) : null),
                ("--interpolation", data.Interpolation is { } way ? RecipeWriter.Value(way) : null),
                ("--mean", data.Mean.Count > 0 ? Numbers(RecipeWriter.Value(data.Mean)) : null),
                ("--std", data.Std.Count > 0 ? Numbers(RecipeWriter.Value(data.Std)) : null),
            ]);
    }

    /// <summary>Flags that have a value and were not given go behind the words.</summary>
    private static IReadOnlyList<string> Joined(IReadOnlyList<string> words, IEnumerable<(string Flag, string? Value)> flags) =>
        [
            .. words,
            .. flags.Where(flag => flag.Value is not null && !words.Contains(flag.Flag, StringComparer.Ordinal))
                .SelectMany(flag => new[] { flag.Flag, flag.Value! }),
        ];

    /// <summary>A list as flags have it: commas alone between its numbers.</summary>
    private static string Numbers(string value) => value.Trim('[', ']').Replace(" ", "", StringComparison.Ordinal);

    private static bool Has(IReadOnlyList<string> words, string flag) =>
        words.Any(word => word == flag || word.StartsWith($"{flag}=", StringComparison.Ordinal));

    /// <summary>The words without the configuration and what replaces its values.</summary>
    private static IReadOnlyList<string> Without(IReadOnlyList<string> words)
    {
        foreach (var flag in new[] { "-c", "--config", "--override", "--cards", "--set" })
            while (Take(words, flag, out var rest) is not null) words = rest;
        return words;
    }

    private static TrainRecipe Recipe(IReadOnlyList<string> words)
    {
        var model = Take(words, "--model", out _);
        RecipeOverride[] named = model is null ? [] : [new($"--model {model}", "model.name", RecipeWriter.Value(model))];
        return ForeignRecipe.Read(FileOf(words), new() { Changes = Changes(words, "--override") }, named, static _ => { }).Recipe;
    }

    private static string? FileOf(IReadOnlyList<string> words) => Take(words, "-c", out _) ?? Take(words, "--config", out _);

    private static List<RecipeOverride> Changes(IReadOnlyList<string> words, string flag)
    {
        var changes = new List<RecipeOverride>();
        while (Take(words, flag, out var rest) is { } change)
        {
            changes.Add(RecipeOverride.Parse(change, flag));
            words = rest;
        }

        return changes;
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

    private static string? TakeOutput(IReadOnlyList<string> words, out IReadOnlyList<string> rest) => Take(words, "--out", out rest) ?? Take(words, "-o", out rest);

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

        return at.Options.SelectMany(option => option.Aliases.Append(option.Name)).Concat(root.Options.Select(option => option.Name))
            .ToHashSet(StringComparer.Ordinal);
    }
}
