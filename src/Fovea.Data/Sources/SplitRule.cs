using Fovea.Naming;
using Fovea.Tensors;

namespace Fovea.Data.Sources;

/// <summary>Holds back a share of one class.</summary>
internal static class SplitRule
{
    private const ulong Purpose = 0x53706C6974;

    /// <summary>Divides n images; the result holds places 0 to n − 1, ascending.</summary>
    /// <remarks>
    /// ⌊n · fraction⌋ images are held back, chosen by (seed, class name) alone, and <paramref name="least"/> at least where one is left to train on. Where
    /// that is none although the fraction is not 0, all images stand on both sides.
    /// </remarks>
    /// <param name="n">The images of the class.</param>
    /// <param name="className">Its name.</param>
    /// <param name="fraction">The share held back.</param>
    /// <param name="seed">What the choice follows from.</param>
    /// <param name="least">How many are held back in any case: one where a run is evaluated by them, none by the rule of 'data split'.</param>
    public static (int[] Train, int[] Validation) Divide(int n, string className, double fraction, ulong seed, int least = 1)
    {
        var all = Enumerable.Range(0, n).ToArray();
        if (fraction == 0 || n == 0) return (all, []);
        var held = HeldOf(n, fraction, least);
        if (held == 0) return (all, all);

        var shuffled = all.ToArray();
        Shuffle.InPlace<int>(shuffled, new Philox(seed, Philox.Stream(Philox.Hash(className), Purpose)));
        var isHeld = new bool[n];
        foreach (var i in shuffled.AsSpan(0, held)) isHeld[i] = true;
        return ([.. all.Where(i => !isHeld[i])], [.. all.Where(i => isHeld[i])]);
    }

    /// <summary>How many of n images are held back; none where all stand on both sides.</summary>
    public static int HeldOf(int n, double fraction, int least) => Math.Max((int)(n * fraction), n > least ? least : 0);

    /// <summary>That all images of some classes stand on both sides, in one line however many they are.</summary>
    /// <param name="place">Where the data is.</param>
    /// <param name="classes">Their names.</param>
    /// <param name="fraction">The share that was to be held back.</param>
    public static string OnBothSides(string place, IReadOnlyCollection<string> classes, double fraction)
    {
        var counted = classes.Count > 1 ? $"{classes.Count} classes ({ClassFolders.Listed(classes)})" : ClassFolders.Listed(classes);
        return $"{Printable.Of(place)}: {fraction} of the images of {counted} is none: all are in both train and validation";
    }
}
