using Fovea.Data.Decoding;
using Fovea.Naming;

namespace Fovea.Data.Sources;

/// <summary>What decoding every image of a data set found.</summary>
/// <param name="Images">The number of images looked at.</param>
/// <param name="Bad">Those that cannot be decoded, in the source's order.</param>
/// <param name="Warnings">What codecs complained of in images that could be decoded.</param>
/// <param name="Misnamed">What is to be said of each other file whose name claims another format.</param>
public sealed record DatasetCheck(int Images, IReadOnlyList<BadImage> Bad, IReadOnlyList<string> Warnings, IReadOnlyList<string> Misnamed)
{
    /// <summary>Decodes every image.</summary>
    /// <param name="source">The images.</param>
    /// <param name="quarantine">
    /// A folder to move the bad ones to, or <see langword="null"/> to leave them; it should not lie in the data folder. Links, and what lies outside of the
    /// data folder, are never moved.
    /// </param>
    /// <param name="decode">What the decoder accepts; the defaults if <see langword="null"/>.</param>
    /// <param name="workers">Threads; 0 for one per core.</param>
    /// <param name="progress">Called with the number of images done, from any thread.</param>
    /// <param name="stop">Ends the check before anything is moved, even if the system hangs.</param>
    /// <exception cref="DataException">A bad image cannot be moved.</exception>
    /// <exception cref="MissingLibraryException">A format's native library is not installed.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was set.</exception>
    public static DatasetCheck Run(
        IImageSource source, string? quarantine = null, DecodeOptions? decode = null, int workers = 0, Action<int>? progress = null,
        CancellationToken stop = default)
    {
        foreach (var library in Decoding.Interop.CodecLibrary.All) library.Load();
        var (looks, bad) = ParallelScan.Run<Reader, (string? Warning, string? Misnamed)>(
            source, workers, () => new(decode), (reader, index) => reader.Look(source, index), progress, stop);
        if (quarantine is not null)
            bad = bad.ConvertAll(image => Quarantine.Move(image, source.Path(image.Index), quarantine));
        return new(source.Count, bad, [.. looks.Select(look => look.Warning).OfType<string>()], [.. looks.Select(look => look.Misnamed).OfType<string>()]);
    }

    private sealed class Reader(DecodeOptions? options) : IDisposable
    {
        private readonly DecodeOptions _limits = options ?? new();
        private readonly ImageDecoder _decoder = new(options);
        private readonly ByteBuffer _bytes = new();
        private readonly RgbImage _image = new();

        public (string? Warning, string? Misnamed) Look(IImageSource source, int index)
        {
            source.Read(index, _bytes, _limits);
            var path = source.Path(index);
            _decoder.Decode(_bytes.Span, path, _image);
            return _decoder.Warning is { } warning ? (warning, null) : (null, Misnamed(path, ImageHeader.Read(_bytes.Span, path).Format));
        }

        public void Dispose() => _decoder.Dispose();

        private static string? Misnamed(string path, ImageFormat format)
        {
            ImageFormat? named = Path.GetExtension(path).ToUpperInvariant() switch
            {
                ".JPG" or ".JPEG" or ".JPE" or ".JFIF" => ImageFormat.Jpeg,
                ".PNG" => ImageFormat.Png,
                ".WEBP" => ImageFormat.WebP,
                ".BMP" or ".DIB" => ImageFormat.Bmp,
                _ => null,
            };
            return named is null || named == format
                ? null
                : $"{Printable.Of(path)}: named {Path.GetExtension(path)}, but its content is {format.Name()}; it is decoded as that";
        }
    }
}
