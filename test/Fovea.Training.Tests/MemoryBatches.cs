using Fovea.Tensors;
using Fovea.Training.Batches;

namespace Fovea.Training.Tests;

/// <summary>Images whose class shows as a brighter channel or corner, with noise; shuffled, and noised anew, by (seed, epoch).</summary>
internal sealed class MemoryBatches(int samples, int batchSize, int classes = 3, ulong seed = 1, bool shuffles = true) : IBatchSource
{
    public int Samples => samples;

    public int BatchSize => batchSize;

    public int Batches => (samples + batchSize - 1) / batchSize;

    /// <summary>Called with (epoch, batch) before each batch.</summary>
    internal Action<int, int> Before { get; set; } = (_, _) => { };

    public IReadOnlyList<string> BadImages { get; init; } = [];

    public IEnumerable<Batch> Epoch(int epoch, int first = 0, CancellationToken stop = default)
    {
        var order = Order(epoch);
        for (var b = first; b < Batches; b++)
        {
            Before(epoch, b);
            var chosen = order.Skip(b * batchSize).Take(batchSize).ToArray();
            yield return new(chosen.Length, chosen.SelectMany(i => Image(epoch, i)).ToArray(), chosen.Select(Label).ToArray());
        }
    }

    internal int Label(int sample) => sample % classes;

    private int[] Order(int epoch)
    {
        var draws = new Philox(seed, (ulong)epoch);
        var order = Enumerable.Range(0, samples).ToArray();
        return shuffles ? [.. order.OrderBy(i => draws.Bits((ulong)i))] : order;
    }

    private float[] Image(int epoch, int sample)
    {
        var draws = new Philox(seed, Philox.Stream(shuffles ? (ulong)epoch : 0, (ulong)sample));
        var image = new float[TinyModel.ImageElements];
        for (var i = 0; i < image.Length; i++)
        {
            var bright = i * classes / image.Length == Label(sample) ? 1.5 : 0;
            image[i] = (float)(bright + (0.7 * draws.Normal((ulong)i)));
        }

        return image;
    }
}
