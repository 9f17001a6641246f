using System.Diagnostics;
using System.Text.Json;

namespace Fovea.Cli.Bench;

/// <summary>How long a step takes: milliseconds of each of several runs, after others that do not count.</summary>
internal sealed record Timings(IReadOnlyList<double> Milliseconds)
{
    internal double Median => Sorted is var sorted && sorted.Length % 2 == 1
        ? sorted[sorted.Length / 2]
        : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;

    internal double Min => Milliseconds.Min();

    private double[] Sorted => [.. Milliseconds.Order()];

    /// <summary>The largest memory this process has held, in MiB (what getrusage calls ru_maxrss).</summary>
    internal static double PeakMebibytes
    {
        get
        {
            using var process = Process.GetCurrentProcess();
            return process.PeakWorkingSet64 / (1024.0 * 1024.0);
        }
    }

    internal static Timings Of(Action step, int warmUp, int steps, CancellationToken stop)
    {
        var times = new double[steps];
        for (var i = -warmUp; i < steps; i++)
        {
            stop.ThrowIfCancellationRequested();
            var started = Stopwatch.GetTimestamp();
            step();
            if (i >= 0) times[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }

        return new(times);
    }

    /// <summary>Images per second at the median.</summary>
    internal double ImagesPerSecond(int batch) => 1000 * batch / Median;

    internal void Write(Utf8JsonWriter json, int batch)
    {
        json.WriteNumber("steps", Milliseconds.Count);
        json.WriteNumber("ms_median", Median);
        json.WriteNumber("ms_min", Min);
        json.WriteNumber("images_per_s", ImagesPerSecond(batch));
        json.WriteNumber("peak_rss_mb", PeakMebibytes);
    }
}
