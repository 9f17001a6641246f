namespace Fovea.Training.Logging.Styles;

/// <summary>Adds up the times of batches.</summary>
internal sealed class TimeMeter
{
    /// <summary>Images of the batches.</summary>
    internal long Images { get; private set; }

    /// <summary>Their number.</summary>
    internal int Count { get; private set; }

    /// <summary>Their times, in seconds, waiting included.</summary>
    internal double Seconds { get; private set; }

    /// <summary>The waits for their images, in seconds.</summary>
    internal double ReaderSeconds { get; private set; }

    /// <summary>The mean time of a batch, in seconds.</summary>
    internal double Mean => Count == 0 ? 0 : Seconds / Count;

    /// <summary>The mean wait for a batch, in seconds.</summary>
    internal double MeanReader => Count == 0 ? 0 : ReaderSeconds / Count;

    /// <summary>Images over elapsed time, whatever the size of the last batch.</summary>
    internal double ImagesPerSecond => Seconds == 0 ? 0 : Images / Seconds;

    internal void Add(int images, double seconds, double reader)
    {
        Images += images;
        Count++;
        Seconds += seconds;
        ReaderSeconds += reader;
    }

    internal void Reset() => (Images, Count, Seconds, ReaderSeconds) = (0, 0, 0, 0);
}
