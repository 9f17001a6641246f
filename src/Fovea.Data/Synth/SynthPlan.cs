namespace Fovea.Data.Synth;

/// <summary>Which files a data set has: a function of the options.</summary>
internal sealed class SynthPlan
{
    public SynthPlan(SynthOptions options)
    {
        var sizes = Sizes(options.Classes, options.Images);
        Classes = new SynthClass[sizes.Length];
        Items = new Item[options.Images];
        var next = 0;
        for (var index = 0; index < sizes.Length; index++)
        {
            var name = SignClass.At(index).Name;
            var val = Math.Max(3, (int)Math.Floor((options.ValFraction * sizes[index]) + 0.5));
            var train = sizes[index] - val;
            Classes[index] = new(name, train, val);
            for (var number = 0; number < sizes[index]; number++)
            {
                var frame = SynthPicture.FrameOf(options.Seed, index, number);
                Items[next++] = new(index, number, $"{(number < train ? "train" : "val")}/{name}/{number:D5}.{(frame.IsPng ? "png" : "jpg")}", frame);
            }
        }
    }

    public SynthClass[] Classes { get; }

    public Item[] Items { get; }

    /// <summary>The sizes of the classes, largest first: 8 each, and the rest in proportion to (k + 0.15 · classes + 0.5)^−1.5 for the class k.</summary>
    public static int[] Sizes(int classes, int images)
    {
        var (weights, total) = (new double[classes], 0.0);
        for (var k = 0; k < classes; k++)
        {
            var rank = k + (0.15 * classes) + 0.5;
            weights[k] = 1 / (rank * Math.Sqrt(rank));
            total += weights[k];
        }

        var rest = images - (SynthOptions.SmallestClass * classes);
        var sizes = new int[classes];
        for (var k = 0; k < classes; k++) sizes[k] = SynthOptions.SmallestClass + (int)(rest * weights[k] / total);
        // Rounding down leaves less than one per class; the largest classes take it.
        var left = images - sizes.Sum();
        for (var k = 0; k < left; k++) sizes[k]++;
        return sizes;
    }

    /// <summary>One file, with its path in the data set's folder, parts separated by «/».</summary>
    internal sealed record Item(int Class, int Number, string Path, PictureFrame Frame);
}
