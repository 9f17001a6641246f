using System.CommandLine;
using System.Globalization;
using Fovea.Cli.Usage;
using Fovea.Images;
using Fovea.Recipes;

namespace Fovea.Cli.Work;

/// <summary>The flags that say how images become the input, the last word after the model's row and the recipe.</summary>
internal static class PreprocessingFlags
{
    internal static Option<int?> ImageSize { get; } =
        new("--image-size") { Description = "Rows and columns of the input; by default the model's", HelpName = "N" };

    internal static Option<double?> CropFraction { get; } =
        new("--crop-fraction") { Description = "The input's side as a share of the resized shorter side; by default the model's", HelpName = "F" };

    internal static Option<string?> Interpolation { get; } =
        Choice.Optional(
            "--interpolation", "How pixels are weighted when images are resized; by default as the model's weights want it",
            [.. Enum.GetValues<Interpolation>().Select(way => RecipeWriter.Value(way))]);

    internal static Option<string[]> Mean { get; } = Numbers(
        "--mean", "Subtracted from red, green and blue (or grey), which are shares of white; by default the model's");

    internal static Option<string[]> Std { get; } = Numbers("--std", "Divides red, green and blue (or grey) after that; by default the model's");

    internal static Option[] All => [ImageSize, CropFraction, Interpolation, Mean, Std];

    /// <summary>What the flags of a call say; null when none is given.</summary>
    /// <exception cref="UsageException">A value is out of range.</exception>
    internal static PreprocessingChoice? Of(Invocation call)
    {
        if (!All.Any(call.Has)) return null;
        var choice = new PreprocessingChoice
        {
            ImageSize = call.Value(ImageSize),
            CropFraction = call.Value(CropFraction),
            Interpolation = call.Value(Interpolation) is { } way ? Enum.Parse<Interpolation>(way, ignoreCase: true) : null,
            Mean = Parsed(call, Mean),
            Std = Parsed(call, Std),
        };
        return choice.Problems().FirstOrDefault() is { } problem
            ? throw new UsageException($"--{problem.Name.Replace('_', '-')} is {problem.Value}; wanted {problem.Wanted}")
            : choice;
    }

    /// <summary>The same as changes of a recipe.</summary>
    /// <exception cref="UsageException">A value is out of range.</exception>
    internal static IEnumerable<RecipeOverride> Overrides(Invocation call)
    {
        if (Of(call) is not { } choice) return [];
        (Option Flag, string Key, object? Value)[] values =
        [
            (ImageSize, "image_size", choice.ImageSize), (CropFraction, "crop_fraction", choice.CropFraction),
            (Interpolation, "interpolation", choice.Interpolation),
            (Mean, "mean", choice.Mean), (Std, "std", choice.Std),
        ];
        return values.Where(value => value.Value is not null)
            .Select(value => (value.Flag, value.Key, Text: RecipeWriter.Value(value.Value)))
            .Select(value => new RecipeOverride($"{value.Flag.Name} {value.Text}", $"data.{value.Key}", value.Text));
    }

    private static Option<string[]> Numbers(string name, string description) =>
        new(name) { Description = description, HelpName = "R,G,B", AllowMultipleArgumentsPerToken = true };

    /// <summary>Numbers with commas or blanks between them; null when the option is not given.</summary>
    private static double[]? Parsed(Invocation call, Option<string[]> option)
    {
        if (!call.Has(option)) return null;
        var text = string.Join(' ', call.Value(option)!);
        var words = text.Split([',', ' ', '[', ']'], StringSplitOptions.RemoveEmptyEntries);
        var numbers = words.Select(
            word => double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN).ToArray();
        return numbers.Length > 0 && Array.TrueForAll(numbers, double.IsFinite)
            ? numbers
            : throw new UsageException($"{option.Name} is '{text}'; wanted three numbers, as in {option.Name} 0.485,0.456,0.406, or one for grey");
    }
}
