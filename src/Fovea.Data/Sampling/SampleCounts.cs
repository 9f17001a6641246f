using System.Globalization;
using Fovea.Data.Augment;
using Fovea.Data.Sources;
using Fovea.Naming;
using Fovea.Tensors;

namespace Fovea.Data.Sampling;

/// <summary>How many times an epoch takes each image: a sampler's means, rounded, as a function of the seed and the epoch.</summary>
internal sealed class SampleCounts
{
    private static readonly ulong s_classes = Draws.StreamOf("sampler/classes");
    private static readonly ulong s_images = Draws.StreamOf("sampler/images");

    private readonly Sampler _sampler;
    private readonly ulong _seed;
    private readonly int _epochs;
    private readonly int[] _labels;
    private readonly int[] _counts;
    private readonly IReadOnlyList<double> _means;
    private ILookup<int, int>? _places;

    /// <summary>Reads the classes of the images.</summary>
    /// <param name="source">The images.</param>
    /// <param name="sampler">The rule.</param>
    /// <param name="seed">What is drawn follows from it.</param>
    /// <param name="epochs">The epochs of the run.</param>
    public SampleCounts(IImageSource source, Sampler sampler, ulong seed, int epochs)
    {
        (_sampler, _seed, _epochs) = (sampler, seed, epochs);
        _labels = new int[source.Count];
        _counts = new int[source.ClassNames.Count];
        for (var i = 0; i < _labels.Length; i++) _counts[_labels[i] = source.Label(i)]++;
        _means = Means(progress: 0);
        Mean = (int)Math.Round(Places(_means));
    }

    /// <summary>The images.</summary>
    public int Images => _labels.Length;

    /// <summary>The places of an epoch in which the rule holds, on average.</summary>
    public int Mean { get; }

    /// <summary>How often an epoch in which the rule holds takes an image, on average.</summary>
    public double MeanOf(int sample) => _means[_labels[sample]];

    /// <summary>Writes how many times an epoch takes each image, and returns their sum.</summary>
    public int Fill(long epoch, Span<int> times)
    {
        var means = MeansOf(epoch);
        if (_sampler.KeepsLength) FillByClasses(means, epoch, times);
        else FillByImages(means, epoch, times);
        var sum = 0;
        foreach (var one in times) sum = checked(sum + one);
        return sum;
    }

    private double Places(IReadOnlyList<double> means) => means.Select((mean, label) => _counts[label] == 0 ? 0 : mean * _counts[label]).Sum();

    private IReadOnlyList<double> MeansOf(long epoch) =>
        epoch < _sampler.FromEpoch ? [.. _counts.Select(_ => 1.0)] : Means(Math.Min(1, (double)epoch / _epochs));

    private IReadOnlyList<double> Means(double progress)
    {
        var means = _sampler.Times(_counts, progress);
        if (means.Count != _counts.Length || means.Where((mean, label) => _counts[label] > 0 && !(mean >= 0)).Any())
            throw new ArgumentException(
                $"sampler {_sampler.Kind}: gives [{string.Join(", ", means)}] for {Amount.Of(_counts.Length, "class")}; wanted a number from 0 on for each");
        return Places(means) is var places && places <= Array.MaxLength / 2
            ? means
            : throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture, $"sampler {_sampler.Kind}: makes an epoch of {places:E2} images; wanted at most {Array.MaxLength / 2}"));
    }

    private void FillByImages(IReadOnlyList<double> means, long epoch, Span<int> times)
    {
        for (var i = 0; i < times.Length; i++)
        {
            var mean = means[_labels[i]];
            var rest = mean - Math.Floor(mean);
            times[i] = (int)mean + (rest > 0 && new Draws(_seed, s_images, epoch, i).Chance(rest) ? 1 : 0);
        }
    }

    /// <summary>
    /// Each class gets its places, rounded so that their sum is that of the means (systematic sampling: one draw moves all bounds between classes); its
    /// images get equally many, and a random choice of them one more.
    /// </summary>
    private void FillByClasses(IReadOnlyList<double> means, long epoch, Span<int> times)
    {
        times.Clear();
        var wholes = new int[means.Count];
        var shift = new Draws(_seed, s_classes, epoch, 0).Uniform();
        var (end, before) = (0.0, 0L);
        for (var label = 0; label < wholes.Length; label++)
        {
            if (_counts[label] == 0) continue;
            end += means[label] * _counts[label];
            var places = (long)(Snapped(end) + shift) - before;
            before += places;
            wholes[label] = (int)(places / _counts[label]);
            Choose(label, (int)(places % _counts[label]), epoch, times);
        }

        for (var i = 0; i < times.Length; i++) times[i] += wholes[_labels[i]];
    }

    /// <summary>Takes some images of a class once more.</summary>
    private void Choose(int label, int count, long epoch, Span<int> times)
    {
        if (count == 0) return;
        _places ??= Enumerable.Range(0, _labels.Length).ToLookup(i => _labels[i]);
        int[] places = [.. _places[label]];
        var generator = new Philox(_seed, Philox.Stream(Philox.Stream(s_images, (ulong)epoch), (ulong)label));
        for (var i = 0; i < count; i++)
        {
            var chosen = generator.Integer((ulong)i, places.Length - i);
            times[places[i + chosen]]++;
            places[i + chosen] = places[i];
        }
    }

    /// <summary>A sum that is whole but for the rounding of its terms, as a whole number.</summary>
    private static double Snapped(double sum) => Math.Abs(sum - Math.Round(sum)) <= 1e-12 * sum ? Math.Round(sum) : sum;
}
