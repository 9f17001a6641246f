using Fovea.Tensors;

namespace Fovea.Data.Sources;

/// <summary>A share of the images of each class, as for runs that are to be over soon.</summary>
public static class ClassShare
{
    private const ulong Purpose = 0x5368617265;

    /// <summary>
    /// Takes ⌊n · share⌋ images of each class, and one of a class of which that is none. Which are taken follows from the seed and the class's name alone, and
    /// of a smaller share they are among those of a larger one.
    /// </summary>
    /// <param name="source">All images.</param>
    /// <param name="share">The share; above 0, at most 1.</param>
    /// <param name="seed">Which images are taken follows from it.</param>
    /// <returns>The images in the source's order; of the share 1 the source itself.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The share is out of range.</exception>
    public static IImageSource Of(IImageSource source, double share, ulong seed = 0)
    {
        if (!(share is > 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(share), $"{share}; wanted above 0, at most 1");
        return share == 1 ? source : Take(source, seed, Purpose, (_, count) => Math.Max(1, (int)(count * share)));
    }

    /// <summary>Takes some images of each class, in the source's order.</summary>
    /// <param name="source">All images.</param>
    /// <param name="seed">With the purpose and the class's name: which are taken.</param>
    /// <param name="purpose">What they are taken for.</param>
    /// <param name="size">How many, by the number of the class and how many it has; where that is more, it gives all.</param>
    internal static ImageSelection Take(IImageSource source, ulong seed, ulong purpose, Func<int, int, int> size)
    {
        var kept = new List<int>();
        foreach (var group in Enumerable.Range(0, source.Count).GroupBy(source.Label))
        {
            int[] order = [.. group];
            Shuffle.InPlace<int>(order, new Philox(seed, Philox.Stream(Philox.Hash(source.ClassNames[group.Key]), purpose)));
            kept.AddRange(order.Take(size(group.Key, order.Length)));
        }

        kept.Sort();
        return new(source, kept);
    }
}
