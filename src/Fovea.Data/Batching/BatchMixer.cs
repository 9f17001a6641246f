using Fovea.Data.Augment;
using Fovea.Data.Sources;
using Fovea.Tensors;

namespace Fovea.Data.Batching;

/// <summary>Mixes the rows of finished batches, on the consumer's thread; the mixed rows and their targets stand until the next batch.</summary>
internal sealed class BatchMixer : IDisposable
{
    private static readonly ulong s_choice = Draws.StreamOf("mixing");

    private readonly Mixer[] _mixers;
    private readonly double[] _shares;
    private readonly Streams[] _streams;
    private readonly ulong _seed;
    private readonly (int Classes, int Width, int Height, int Length, int Batch) _size;
    private readonly NativeBuffer<float> _images;
    private readonly float[] _targets;
    private readonly int[][] _partners;
    private readonly int[] _labels;
    private readonly int[] _rows;

    public BatchMixer(LoaderOptions options, int classes, int width, int height, int channels)
    {
        (_mixers, _shares, _seed) = ([.. options.Mixing], [.. Mixer.Shares(options.Mixing)], options.Seed);
        _streams = [.. DrawNames.Of("mixing", _mixers).Select(
            name => new Streams(Draws.StreamOf(name), Draws.StreamOf($"{name}/image"), Draws.StreamOf($"{name}/order")))];
        _size = (classes, width, height, channels * width * height, options.BatchSize);
        _images = new(checked(options.BatchSize * _size.Length));
        _targets = new float[checked(options.BatchSize * classes)];
        var most = _mixers.Max(mixer => mixer.Images);
        _partners = [.. Enumerable.Range(0, most).Select(_ => new int[options.BatchSize])];
        (_labels, _rows) = (new int[options.BatchSize], new int[most]);
    }

    /// <summary>Mixes a batch by one of the ways or by none, and gives it its targets.</summary>
    public void Mix(ImageBatch batch, long epoch)
    {
        var count = batch.Count;
        batch.LabelsToChange.CopyTo(_labels);
        _targets.AsSpan(0, count * _size.Classes).Clear();
        var chosen = Choose(_shares, _seed, batch.Number, epoch);
        if (chosen < 0)
            for (var row = 0; row < count; row++) _targets[(row * _size.Classes) + _labels[row]] = 1;
        else
            Mix(batch, epoch, _mixers[chosen], _streams[chosen]);
        batch.Show(chosen < 0 ? null : _images, _targets.AsMemory(0, count * _size.Classes));
    }

    /// <summary>Which of the mixers, of which each gets a share of batches, a batch is mixed by; −1 for none.</summary>
    public static int Choose(IReadOnlyList<double> shares, ulong seed, int number, long epoch)
    {
        var draw = new Draws(seed, s_choice, epoch, number).Uniform();
        for (var i = 0; i < shares.Count; i++)
            if ((draw -= shares[i]) < 0) return i;
        return -1;
    }

    public void Dispose() => ((IDisposable)_images).Dispose();

    private void Mix(ImageBatch batch, long epoch, Mixer mixer, Streams streams)
    {
        for (var k = 0; k < mixer.Images; k++) Order(_partners[k].AsSpan(0, batch.Count), k, new(_seed, streams.OfOrder(k, epoch, batch.Number)));
        var draws = new Draws(_seed, streams.Batch, epoch, batch.Number);
        var blend = mixer.PerImage ? null : mixer.Draw(_size.Width, _size.Height, ref draws);
        for (var row = 0; row < batch.Count; row++)
        {
            draws = new(_seed, streams.Image, epoch, ((long)batch.Number * _size.Batch) + row);
            Mix(batch, row, mixer.Images, blend ?? mixer.Draw(_size.Width, _size.Height, ref draws));
        }
    }

    private void Mix(ImageBatch batch, int row, int images, Blend blend)
    {
        for (var k = 0; k < images; k++) _rows[k] = _partners[k][row];
        var target = _images.GetSpan().Slice(row * _size.Length, _size.Length);
        blend.Mix(new(batch.Rows, _rows.AsSpan(0, images), target, _size.Width, _size.Height));
        var shares = _targets.AsSpan(row * _size.Classes, _size.Classes);
        for (var k = 0; k < images; k++) shares[_labels[_rows[k]]] += (float)blend.Shares[k];
        // Of equal shares, that of the row's own image.
        var largest = _labels[row];
        for (var c = 0; c < shares.Length; c++)
            if (shares[c] > shares[largest]) largest = c;
        batch.LabelsToChange[row] = largest;
    }

    /// <summary>The row itself, or a random order of the batch.</summary>
    private static void Order(Span<int> rows, int k, Philox generator)
    {
        for (var i = 0; i < rows.Length; i++) rows[i] = i;
        if (k > 0) Shuffle.InPlace(rows, generator);
    }

    /// <summary>What a mixer draws from: for a batch, for a row of it, and for the orders of its images.</summary>
    private readonly record struct Streams(ulong Batch, ulong Image, ulong Order)
    {
        public ulong OfOrder(int k, long epoch, int batch) => Philox.Stream(Philox.Stream(Philox.Stream(Order, (ulong)k), (ulong)epoch), (ulong)batch);
    }
}
