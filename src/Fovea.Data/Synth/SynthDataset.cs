using Fovea.Data.Decoding;
using Fovea.Naming;
using Fovea.Threads;

namespace Fovea.Data.Synth;

/// <summary>Draws a data set of sign-like pictures, to try training with: small, varied, and not easy.</summary>
/// <remarks>
/// A class is a combination of a plate's form, its colours and a figure; each of the three stands in several classes. Place, size,
/// perspective, background, weathering, light, shadow, what stands in front, blur, grain and compression vary from picture to picture,
/// so that a linear classifier on the pixels fails where a small convolutional network succeeds. The sizes of the classes have a long
/// tail; the pictures' longer sides go from 40 to 360 pixels, most under 200. About one picture in twelve is PNG, the others are JPEG
/// of quality 35 to 95 with 4:4:4, 4:2:2 or 4:2:0 chroma.
/// <para>
/// Every picture is a function of the seed, its class and its number; its pixels come from IEEE operations alone and are the same on every
/// machine, with any number of workers. So are the files as long as libturbojpeg, libpng and zlib have the same versions, since the
/// encoders are theirs: PNG files always hold the same pixels, and JPEG files what the library makes of them.
/// </para>
/// </remarks>
public static class SynthDataset
{
    /// <summary>Draws a data set into <c>DIRECTORY/train/CLASS/NUMBER.jpg</c> (or <c>.png</c>) and <c>DIRECTORY/val/CLASS/…</c>.</summary>
    /// <param name="directory">New, empty, or a data set drawn before, which is replaced.</param>
    /// <param name="options">What to draw.</param>
    /// <param name="progress">Told, by any thread, how many pictures are written.</param>
    /// <param name="stop">Stops between pictures; the pictures written so far stay, and the next call replaces them.</param>
    /// <exception cref="ArgumentException">Options are out of range.</exception>
    /// <exception cref="IOException">The directory holds something else, or cannot be written, as on a full disk; no picture is left then.</exception>
    /// <exception cref="MissingLibraryException">libturbojpeg or libpng is not installed.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was signalled.</exception>
    public static SynthSummary Write(string directory, SynthOptions options, IProgress<int>? progress = null, CancellationToken stop = default)
    {
        options.Validate();
        var plan = new SynthPlan(options);
        var folder = new SynthFolder(Path.GetFullPath(directory));
        folder.Claim(options, plan);
        var (written, bytes) = (0, 0L);
        try
        {
            SharedWork.For(plan.Items.Length, options.Workers, () => new Painter(), Draw, painter => painter.Dispose(), stop);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            folder.Remove(plan);
            throw folder.NotWritten($"after {Amount.Of(written, "picture")} of {plan.Items.Length}, ", e);
        }

        var sides = plan.Items.Select(item => Math.Max(item.Frame.Width, item.Frame.Height)).Order().ToArray();
        return new(plan.Classes, plan.Items.Length, plan.Items.Count(item => item.Frame.IsPng), bytes, sides[sides.Length / 2]);

        void Draw(Painter painter, int number)
        {
            var item = plan.Items[number];
            var file = painter.Encode(options.Seed, item);
            File.WriteAllBytes(folder.PathOf(item), file);
            Interlocked.Add(ref bytes, file.Length);
            progress?.Report(Interlocked.Increment(ref written));
        }
    }

    /// <summary>What one worker draws and encodes with.</summary>
    private sealed class Painter : IDisposable
    {
        private readonly SynthPicture _picture = new();
        private readonly JpegEncoder _jpeg = new();

        public byte[] Encode(ulong seed, SynthPlan.Item item)
        {
            var frame = item.Frame;
            var rgb = _picture.Draw(seed, item.Class, item.Number);
            return frame.IsPng
                ? PngEncoder.EncodeRgb(rgb, frame.Width, frame.Height)
                : _jpeg.Encode(rgb, frame.Width, frame.Height, frame.Quality, frame.Subsampling);
        }

        public void Dispose() => _jpeg.Dispose();
    }
}
