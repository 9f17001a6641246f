using Fovea.Tensors;

namespace Fovea.Data.Sources;

/// <summary>Random order (Durstenfeld 1964, algorithm 235).</summary>
internal static class Shuffle
{
    public static void InPlace<T>(Span<T> items, Philox generator)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = generator.Integer((ulong)i, i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
