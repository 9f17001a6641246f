using Fovea.Data.Augment;
using Fovea.Data.Batching;
using Fovea.Data.Decoding;
using Fovea.Data.Sources;
using Fovea.Images;
using Fovea.Tensors;

namespace Fovea.Data.Tests.Batching;

public sealed class AugmentationPreviewTests : IDisposable
{
    private const int Side = 8;
    private const int Count = 24;

    private static readonly byte[][] s_pixels = [.. Enumerable.Range(0, Count).Select(Pixels)];

    private static readonly MemoryImages s_images = new(
        ["ant", "bee", "cat"],
        [.. s_pixels.Select((pixels, i) => ($"{i:D2}.png", PngEncoder.EncodeRgb(pixels, Side, Side), i % 3))]);

    private static readonly ImagePipeline s_evaluation = ImagePipeline.Evaluate(new Preprocessing { Height = Side, Width = Side, CropFraction = 1 });

    private static readonly ImagePipeline s_training =
        s_evaluation with { Transforms = [new RandomCrop { Padding = 2 }, new HorizontalFlip(), new RandomErasing { Probability = 0.5 }] };

    private static readonly LoaderOptions s_options = new()
    {
        BatchSize = 6, IsTraining = true, Seed = 11, Repeats = 2, Workers = 1, Mixing = [new CutMix { Probability = 0.5 }, new Mixup { Probability = 0.5 }],
    };

    private readonly AugmentationPreview _preview = new(s_images, s_training, s_evaluation, s_options);

    public void Dispose() => _preview.Dispose();

    private static byte[] Pixels(int number)
    {
        var noise = new Philox(5, (ulong)number);
        return [.. Enumerable.Range(0, 3 * Side * Side).Select(i => (byte)(256 * noise.Uniform((ulong)i)))];
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>A row of a batch as pixels, by the definition of normalisation.</summary>
    private static byte[] Restored(ReadOnlySpan<float> row)
    {
        var (input, pixels) = (s_evaluation.Input, new byte[3 * Side * Side]);
        for (var c = 0; c < 3; c++)
            for (var at = 0; at < Side * Side; at++)
                pixels[(3 * at) + c] = (byte)Math.Clamp(Math.Round(255 * ((row[(c * Side * Side) + at] * input.Std[c]) + input.Mean[c])), 0, 255);
        return pixels;
    }

    [Fact]
    public void Evaluation_shows_the_image_itself_to_the_byte()
    {
        for (var i = 0; i < Count; i++) Assert.Equal(s_pixels[i], _preview.Evaluated(i).Pixels);
        Assert.Equal([(2, 1.0)], _preview.Evaluated(5).Shares);
    }

    [Fact]
    public void Draws_are_those_of_the_run_in_every_epoch_and_repetition()
    {
        using var loader = new BatchLoader(s_images, s_training, s_options with { Mixing = [] });
        for (var epoch = 0; epoch < 3; epoch++)
        {
            var copies = new Dictionary<int, int>();
            foreach (var batch in loader.Epoch(epoch, stop: Stop))
                for (var row = 0; row < batch.Count; row++)
                {
                    var sample = batch.Samples.Span[row];
                    var copy = copies[sample] = copies.GetValueOrDefault(sample, -1) + 1;
                    var length = 3 * Side * Side;
                    Assert.Equal(Restored(batch.Images.Span.Slice(row * length, length)), _preview.Trained(sample, epoch, copy).Pixels);
                }
        }
    }

    [Fact]
    public void Mixed_rows_are_those_of_the_first_batch_that_the_run_mixes_so()
    {
        for (var mixer = 0; mixer < 2; mixer++)
        {
            var shown = _preview.Mixed(mixer, epoch: 1, rows: 4, out var number, Stop);
            Assert.Equal(4, shown.Count);
            using var loader = new BatchLoader(s_images, s_training, s_options);
            var batch = loader.Epoch(1, number, Stop).First();
            for (var row = 0; row < shown.Count; row++)
            {
                var length = 3 * Side * Side;
                Assert.Equal(Restored(batch.Images.Span.Slice(row * length, length)), shown[row].Pixels);
                Assert.Equal(1, shown[row].Shares.Sum(share => share.Share), 1e-6);
                Assert.All(shown[row].Shares, share => Assert.Equal(batch.Targets.Span[(row * 3) + share.Class], share.Share, 1e-7));
            }

            Assert.Equal(mixer, BatchMixer.Choose([0.5, 0.5], s_options.Seed, number, epoch: 1));
            for (var earlier = 0; earlier < number; earlier++)
                Assert.NotEqual(mixer, BatchMixer.Choose([0.5, 0.5], s_options.Seed, earlier, epoch: 1));
        }
    }

    [Fact]
    public void A_mixer_that_an_epoch_never_meets_shows_nothing()
    {
        using var preview = new AugmentationPreview(s_images, s_training, s_evaluation, s_options with { Mixing = [new CutMix { Probability = 0 }] });
        Assert.Empty(preview.Mixed(0, epoch: 0, rows: 4, out var number, Stop));
        Assert.Equal(-1, number);
    }

    [Fact]
    public void Images_are_chosen_by_the_seed_in_the_order_of_the_data()
    {
        var chosen = _preview.Choose(7);
        Assert.Equal(7, chosen.Distinct().Count());
        Assert.Equal(chosen.Order(), chosen);
        using var again = new AugmentationPreview(s_images, s_training, s_evaluation, s_options);
        Assert.Equal(chosen, again.Choose(7));
        using var other = new AugmentationPreview(s_images, s_training, s_evaluation, s_options with { Seed = 12 });
        Assert.NotEqual(chosen, other.Choose(7));
        Assert.Equal(Enumerable.Range(0, Count), _preview.Choose(100));
    }

    [Fact]
    public void Draws_and_mixed_rows_have_the_size_of_their_epoch()
    {
        ImagePipeline At(int epoch) => s_training with { Input = s_training.Input with { Height = 4 + (2 * epoch), Width = 4 + (2 * epoch) } };
        using var preview = new AugmentationPreview(s_images, At, s_evaluation, s_options);
        foreach (var (epoch, side) in (ReadOnlySpan<(int, int)>)[(0, 4), (1, 6), (0, 4), (2, Side)])
        {
            var shown = preview.Trained(3, epoch);
            Assert.Equal((side, side, 3 * side * side), (shown.Width, shown.Height, shown.Pixels.Length));
            using var fixedSize = new AugmentationPreview(s_images, At(epoch), s_evaluation, s_options);
            Assert.Equal(fixedSize.Trained(3, epoch).Pixels, shown.Pixels);
            Assert.All(preview.Mixed(0, epoch, 2, out _, Stop), image => Assert.Equal((side, side), (image.Width, image.Height)));
        }

        Assert.Equal(Side, preview.Evaluated(3).Width);
    }
}
