using Fovea.Graphs;

namespace Fovea.Training.Optimizers;

/// <summary>The factors on the learning rates of parameters, by the blocks of a model.</summary>
internal static class LayerRates
{
    /// <summary>The factor of each parameter: 1 in the last block, and <paramref name="decay"/> times that of the next in the others.</summary>
    /// <param name="parameters">In the order of the model.</param>
    /// <param name="decay">Above 0, at most 1.</param>
    internal static IReadOnlyList<double> Of(IReadOnlyList<Value> parameters, double decay)
    {
        string[] blocks = [.. parameters.Select(parameter => Block(parameter.Variable!.Label))];
        var (first, last) = (Array.FindIndex(blocks, IsNumbered), Array.FindLastIndex(blocks, IsNumbered));
        for (var i = 0; first >= 0 && i < blocks.Length; i++)
            if (!IsNumbered(blocks[i])) blocks[i] = i < first ? "before" : i > last ? "after" : blocks[i];
        var order = blocks.Distinct().ToList();
        return [.. blocks.Select(block => Math.Pow(decay, order.Count - 1 - order.IndexOf(block)))];
    }

    private static bool IsNumbered(string block) => block.Length > 0 && char.IsAsciiDigit(block[^1]) && block.Contains('.', StringComparison.Ordinal);

    /// <summary>A name up to its last part that is a number; its first part where none is.</summary>
    private static string Block(string name)
    {
        var parts = name.Split('.');
        var number = Array.FindLastIndex(parts, part => part.Length > 0 && part.All(char.IsAsciiDigit));
        return number > 0 ? string.Join('.', parts.Take(number + 1)) : parts[0];
    }
}
