using Fovea.Data.Decoding;
using Fovea.Data.Files;
using Fovea.Data.Sources;

namespace Fovea.Data.Batching;

/// <summary>Decides what is kept in memory.</summary>
internal static class CacheChoice
{
    private const int Samples = 64;

    public static ImageCache? Make(IImageSource source, LoaderOptions options, bool scaledDecoding, CancellationToken stop)
    {
        var budget = Math.Min(options.CacheBytes, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 8);
        return options.Cache switch
        {
            CacheMode.None => null,
            CacheMode.Encoded => new(source.Count, isDecoded: false, budget),
            CacheMode.Decoded when scaledDecoding =>
                throw new ArgumentException("scaled decoding makes other pixels each time; wanted a cache of none, auto or encoded"),
            CacheMode.Decoded => new(source.Count, isDecoded: true, budget),
            _ => !scaledDecoding && Interruptible.Run(() => EstimateDecoded(source), stop) <= budget ? new(source.Count, isDecoded: true, budget) : null,
        };
    }

    /// <summary>What all decoded images take, from the headers of some.</summary>
    public static long EstimateDecoded(IImageSource source)
    {
        var (bytes, read) = (0.0, 0);
        for (var i = 0; i < Math.Min(Samples, source.Count); i++)
        {
            try
            {
                var header = source.ReadHeader((int)((long)i * source.Count / Math.Min(Samples, source.Count)));
                bytes += (3.0 * header.Width * header.Height) + RgbImage.Slack;
                read++;
            }
            catch (ImageException)
            {
                // A bad image is reported when its turn comes.
            }
        }

        return read == 0 ? 0 : (long)(bytes / read * source.Count);
    }
}
