namespace Fovea.Training.Logging;

/// <summary>Measures where the time of a run goes: waiting for images, and the rest.</summary>
internal sealed class Stopwatches(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private long _mark = time.GetTimestamp();
    private long _counted = time.GetTimestamp();
    private double _reader;
    private double _total;
    private long _images;
    private int _batches;

    /// <summary>The mean time of a batch since the last report, in seconds.</summary>
    internal double BatchSeconds => _batches == 0 ? 0 : _total / _batches;

    /// <summary>The mean wait for a batch since the last report, in seconds.</summary>
    internal double ReaderSeconds => _batches == 0 ? 0 : _reader / _batches;

    /// <summary>The time that the last evaluation took, in seconds; 0 before the first.</summary>
    internal double EvaluationSeconds { get; set; }

    internal double ImagesPerSecond => _total == 0 ? 0 : _images / _total;

    /// <summary>The time since this object was made, in seconds.</summary>
    internal double Now => time.GetElapsedTime(_start).TotalSeconds;

    /// <summary>The time of the last batch, in seconds, and how much of it was spent waiting for images.</summary>
    internal (double Seconds, double Reader) Last { get; private set; }

    /// <summary>Waiting for images begins.</summary>
    internal void Begin() => _mark = time.GetTimestamp();

    /// <summary>A batch is there.</summary>
    internal void Arrived()
    {
        var seconds = Lap();
        _reader += seconds;
        _total += seconds;
        Last = (seconds, seconds);
    }

    /// <summary>It has been worked off, and the wait for the next begins.</summary>
    internal void Done(int images)
    {
        var seconds = Lap();
        _total += seconds;
        Last = (Last.Reader + seconds, Last.Reader);
        _images += images;
        _batches++;
    }

    /// <summary>A report has been made.</summary>
    internal void Reset() => (_reader, _total, _images, _batches) = (0, 0, 0, 0);

    /// <summary>The seconds since this was last asked.</summary>
    internal double Uncounted()
    {
        var now = time.GetTimestamp();
        var seconds = time.GetElapsedTime(_counted, now).TotalSeconds;
        _counted = now;
        return seconds;
    }

    private double Lap()
    {
        var now = time.GetTimestamp();
        var seconds = time.GetElapsedTime(_mark, now).TotalSeconds;
        _mark = now;
        return seconds;
    }
}
