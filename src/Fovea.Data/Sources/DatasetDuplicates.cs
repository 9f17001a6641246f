using System.Security.Cryptography;
using Fovea.Data.Decoding;

namespace Fovea.Data.Sources;

/// <summary>Which images of a data set are the same, or look the same, and which cannot be decoded; every image is decoded.</summary>
/// <param name="Exact">Groups of images with the same pixels, in the source's order; encoding and names may differ.</param>
/// <param name="Near">
/// Groups of images that look the same from afar, those with the same pixels among them: their difference hashes of 64 bits (dHash, Krawetz 2013) differ in
/// at most 6 bits, and 9 × 8 averages of their grey values by at most 5 of 255 in the mean. Images without structure are not compared.
/// </param>
/// <param name="Bad">Those that cannot be decoded, in the source's order.</param>
public sealed record DatasetDuplicates(
    IReadOnlyList<IReadOnlyList<int>> Exact, IReadOnlyList<IReadOnlyList<int>> Near, IReadOnlyList<BadImage> Bad)
{
    /// <summary>Decodes and compares all images.</summary>
    /// <param name="source">The images.</param>
    /// <param name="decode">What the decoder accepts; the defaults if <see langword="null"/>.</param>
    /// <param name="workers">Threads; 0 for one per core.</param>
    /// <param name="progress">Called with the number of images done, from any thread.</param>
    /// <param name="stop">Ends the scan, even if the system hangs.</param>
    /// <exception cref="MissingLibraryException">A format's native library is not installed.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was set.</exception>
    public static DatasetDuplicates Of(
        IImageSource source, DecodeOptions? decode = null, int workers = 0, Action<int>? progress = null, CancellationToken stop = default)
    {
        foreach (var library in Decoding.Interop.CodecLibrary.All) library.Load();
        var (prints, bad) = ParallelScan.Run<Reader, Print>(source, workers, () => new(decode), (reader, index) => reader.Look(source, index), progress, stop);
        var (exact, near) = (new DisjointGroups(source.Count), new DisjointGroups(source.Count));
        var first = new Dictionary<Hash, int>();
        for (var i = 0; i < prints.Length; i++)
        {
            if (prints[i] is not { } print) continue;
            if (first.TryAdd(print.Pixels, i)) continue;
            exact.Join(first[print.Pixels], i);
            near.Join(first[print.Pixels], i);
        }

        NearPairs.Join(Array.ConvertAll(prints, print => print?.Look), near, stop);
        return new(exact.All(), near.All(), bad);
    }

    /// <summary>The groups of which some images lie in one part of a data set and some in another.</summary>
    /// <param name="groups">The groups.</param>
    /// <param name="partOf">The part of an image; negative for none.</param>
    public static IReadOnlyList<IReadOnlyList<int>> Across(IReadOnlyList<IReadOnlyList<int>> groups, Func<int, int> partOf) =>
        [.. groups.Where(group => group.Select(partOf).Where(part => part >= 0).Distinct().Skip(1).Any())];

    /// <summary>The groups whose images are of different classes.</summary>
    /// <param name="groups">The groups.</param>
    /// <param name="source">The images.</param>
    public static IReadOnlyList<IReadOnlyList<int>> OfDifferentClasses(IReadOnlyList<IReadOnlyList<int>> groups, IImageSource source) =>
        [.. groups.Where(group => group.Select(source.Label).Distinct().Skip(1).Any())];

    private readonly record struct Hash(long A, long B, long C, long D);

    private sealed record Print(Hash Pixels, PerceptualHash Look);

    private sealed class Reader(DecodeOptions? options) : IDisposable
    {
        private readonly DecodeOptions _limits = options ?? new();
        private readonly ImageDecoder _decoder = new(options);
        private readonly ByteBuffer _bytes = new();
        private readonly RgbImage _image = new();

        public Print Look(IImageSource source, int index)
        {
            source.Read(index, _bytes, _limits);
            _decoder.Decode(_bytes.Span, source.Path(index), _image);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            hash.AppendData(BitConverter.GetBytes(_image.Width));
            hash.AppendData(_image.Pixels);
            Span<byte> digest = stackalloc byte[32];
            hash.GetHashAndReset(digest);
            var pixels = new Hash(
                BitConverter.ToInt64(digest), BitConverter.ToInt64(digest[8..]), BitConverter.ToInt64(digest[16..]), BitConverter.ToInt64(digest[24..]));
            return new(pixels, PerceptualHash.Of(_image));
        }

        public void Dispose() => _decoder.Dispose();
    }
}
