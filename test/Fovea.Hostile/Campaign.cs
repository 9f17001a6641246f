using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using Fovea.Hostile.Subjects;

namespace Fovea.Hostile;

/// <summary>A long run in a child process with little memory: one that crashes, hangs or takes too much is told apart, and the next round goes on.</summary>
public static class Campaign
{
    private const string HeapLimit = "0x40000000";
    private const int RunEvery = 8;
    private const int PatienceSeconds = 60;
    private const int ReasonLength = 110;
    private const int MostReasons = 40;

    /// <summary>All readers.</summary>
    public static IReadOnlyList<Subject> Subjects { get; } =
    [
        new GraphTexts(), new Operations(), new FoveaFiles(), new OnnxFiles(), new StateDicts(), new SafetensorsFiles(), new PaddleFiles(),
        new MindSporeFiles(), new RecipeTexts(), new ForeignTexts(), new FigureTexts(), new DarknetCfgs(), new DarknetWeightFiles(),
    ];

    /// <summary>The reader of that name.</summary>
    public static Subject Find(string name) =>
        Subjects.FirstOrDefault(subject => subject.Name == name)
            ?? throw new ArgumentException($"no subject '{name}'; wanted {string.Join(", ", Subjects.Select(s => s.Name))}");

    /// <summary>Reads <paramref name="count"/> files and prints each that goes wrong; the result is how many.</summary>
    public static int Run(Subject subject, ulong seed, int count)
    {
        var (wrong, first, watch) = (0, 0, Stopwatch.StartNew());
        var place = Path.GetTempFileName();
        while (first < count)
        {
            var outcome = Watch(Start(subject, seed, first, count - first, place), place);
            var reached = Reached(place);
            if (outcome is null) break;
            wrong++;
            Console.WriteLine($"{subject.Name}, seed {seed}, round {reached}: {outcome}");
            first = reached + 1;
        }

        File.Delete(place);
        Console.WriteLine($"{subject.Name}, seed {seed}: {count} files, {wrong} wrong, {watch.Elapsed.TotalSeconds:F0} s");
        return wrong;
    }

    internal static int Why(Subject subject, ulong seed, int count)
    {
        var reasons = new Dictionary<string, int>(StringComparer.Ordinal);
        var tally = Trials.Run(subject, seed, 0, count, refused: failure =>
        {
            var reason = string.Concat(failure.Message.Select(c => char.IsDigit(c) ? '0' : c)).Replace("00", "0", StringComparison.Ordinal);
            reason = reason[..Math.Min(reason.Length, ReasonLength)];
            reasons[reason] = reasons.GetValueOrDefault(reason) + 1;
        });
        Console.WriteLine($"{tally.Accepted} of {tally.Files} accepted");
        foreach (var (reason, times) in reasons.OrderByDescending(entry => entry.Value).Take(MostReasons)) Console.WriteLine($"{times,8} {reason}");
        return 0;
    }

    internal static int Child(Subject subject, ulong seed, int first, int count, string place)
    {
        using var note = new FileStream(place, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        var bytes = new byte[4];
        Runs.Every = RunEvery;
        var tally = Trials.Run(subject, seed, first, count, round =>
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes, round);
            note.Position = 0;
            note.Write(bytes);
        });
        var peak = Process.GetCurrentProcess().PeakWorkingSet64 >> 20;
        Console.WriteLine(
            $"{tally.Files} files, {tally.Accepted} accepted, at most {tally.LargestBytes >> 10} KiB allocated for one, peak of the process {peak} MiB");
        return 0;
    }

    private static Process Start(Subject subject, ulong seed, int first, int count, string place)
    {
        string[] arguments = [typeof(Campaign).Assembly.Location, "--child", subject.Name, Text(seed), Text(first), Text(count), place];
        var start = new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardError = true };
        start.Environment["DOTNET_GCHeapHardLimit"] = HeapLimit;
        return Process.Start(start)!;
    }

    /// <summary>Waits for a child; null where all its rounds passed, otherwise how it ended.</summary>
    private static string? Watch(Process child, string place)
    {
        using var process = child;
        var error = process.StandardError.ReadToEndAsync();
        var (last, since) = (-1, Stopwatch.StartNew());
        while (!process.WaitForExit(TimeSpan.FromSeconds(1)))
        {
            if (Reached(place) is var reached && reached != last) (last, since) = (reached, Stopwatch.StartNew());
            if (since.Elapsed.TotalSeconds < PatienceSeconds) continue;
            process.Kill();
            process.WaitForExit();
            return $"no end after {PatienceSeconds} s";
        }

        if (process.ExitCode == 0) return null;
        var lines = error.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return $"ended with {process.ExitCode}: {string.Join(" | ", lines.Take(12).Select(line => line.Trim()))}";
    }

    private static int Reached(string place)
    {
        using var note = new FileStream(place, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[4];
        return note.Read(bytes) == 4 ? BinaryPrimitives.ReadInt32LittleEndian(bytes) : 0;
    }

    private static string Text<T>(T number)
        where T : IFormattable => number.ToString(null, CultureInfo.InvariantCulture);
}
