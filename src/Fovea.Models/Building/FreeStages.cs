namespace Fovea.Models.Building;

/// <summary>The stages of a free form of RepVGG or RepOpt-VGG, as its options say.</summary>
internal static class FreeStages
{
    private const int Stages = 4;
    private const int MostBlocks = 1000;
    private const int MostWidth = 64;

    /// <summary>Blocks and width multipliers of the four stages.</summary>
    /// <param name="model">The name of the model, for messages.</param>
    /// <param name="options">What is chosen.</param>
    /// <exception cref="ModelException">They are not given, not four, or out of range.</exception>
    internal static (int[] Blocks, double[] Widths) Of(string model, ModelOptions options)
    {
        var blocks = Four(model, options.NumBlocks, "num_blocks", "[2, 4, 14, 1]");
        var widths = Four(model, options.WidthMultiplier, "width_multiplier", "[0.75, 0.75, 0.75, 2.5]");
        Want(model, Array.TrueForAll(blocks, count => count >= 1), "num_blocks", blocks, "at least 1");
        Want(model, Array.TrueForAll(blocks, count => count <= MostBlocks), "num_blocks", blocks, $"at most {MostBlocks}");
        Want(model, Array.TrueForAll(widths, width => width * 64 >= 1), "width_multiplier", widths, "at least 1/64");
        Want(model, Array.TrueForAll(widths, width => width <= MostWidth), "width_multiplier", widths, $"at most {MostWidth}");
        return (blocks, widths);
    }

    private static T[] Four<T>(string model, IReadOnlyList<T>? numbers, string key, string example)
    {
        if (numbers?.Count == Stages) return [.. numbers];
        var given = numbers is null ? "is not given" : $"has {numbers.Count} numbers";
        throw new ModelException($"{model}: {key} {given}; wanted {Stages}, one for each stage, as in {example}");
    }

    private static void Want<T>(string model, bool holds, string key, T[] numbers, string wanted)
    {
        if (!holds) throw new ModelException(FormattableString.Invariant($"{model}: {key} is [{string.Join(", ", numbers)}]; wanted {wanted} in each stage"));
    }
}
