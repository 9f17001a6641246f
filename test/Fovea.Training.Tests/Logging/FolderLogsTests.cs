using System.Diagnostics;
using System.Text.Json;
using Fovea.Training.Checkpoints;
using Fovea.Training.Logging;
using Fovea.Training.Metrics;
using Fovea.Training.State;

namespace Fovea.Training.Tests.Logging;

public class FolderLogsTests
{
    [Fact]
    public void A_run_that_dies_and_resumes_leaves_the_lines_of_an_unbroken_one()
    {
        using var broken = new TemporaryFolder();
        var images = Runs.Images;
        images.Before = (epoch, batch) =>
        {
            if ((epoch, batch) == (1, 3)) throw new TrainingException("no checkpoint is written after this one");
        };
        Assert.Throws<TrainingException>(() => Run(broken, images));
        File.AppendAllText(broken.Path("run/log.jsonl"), "{\"kind\":\"step\",\"ste");
        Run(broken, Runs.Images);

        using var unbroken = new TemporaryFolder();
        Run(unbroken, Runs.Images);
        Assert.Equal(Lines(unbroken), Lines(broken));
        Assert.Equal(Rows(unbroken), Rows(broken));
        Assert.Equal(2, Directory.GetFiles(broken.Path("run"), "events.out.tfevents.*").Length);
    }

    [Fact]
    public void A_line_in_the_middle_that_cannot_be_read_takes_none_behind_it_along()
    {
        using var folder = new TemporaryFolder();
        Run(folder, Runs.Images);
        var lines = File.ReadAllLines(folder.Path("run/log.jsonl")).ToList();
        lines.Insert(3, "\0\0\0");
        File.WriteAllText(folder.Path("run/log.jsonl"), string.Join('\n', lines) + "\n{\"kind\":");
        Run(folder, Runs.Images);
        Assert.Equal(lines, File.ReadAllLines(folder.Path("run/log.jsonl")).Take(lines.Count));
    }

    [Fact]
    public void What_a_failed_write_has_left_is_taken_back()
    {
        using var folder = new TemporaryFolder();
        using var file = new LineFile(folder.Path("lines"), _ => true);
        file.Append("one");
        Assert.Equal("one\n", File.ReadAllText(folder.Path("lines")));
        using var full = new LineFile("/dev/full", _ => true);
        Assert.Throws<IOException>(() => full.Append("two"));
        Assert.Throws<IOException>(() => full.Append("three"));
    }

    [Fact]
    public void A_log_that_is_a_link_to_another_file_leaves_that_as_it_is()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.Path("precious"), "theirs\n");
        File.CreateSymbolicLink(folder.Path("log.jsonl"), "precious");
        var message = Assert.Throws<IOException>(() => new LineFile(folder.Path("log.jsonl"), _ => false)).Message;
        Assert.Contains("is a link to ", message, StringComparison.Ordinal);
        Assert.Equal("theirs\n", File.ReadAllText(folder.Path("precious")));
    }

    [Fact]
    public void A_log_that_is_a_pipe_is_refused()
    {
        using var folder = new TemporaryFolder();
        using (var made = Process.Start("mkfifo", [folder.Path("log.jsonl")])) made.WaitForExit();
        var message = Assert.Throws<IOException>(() => new LineFile(folder.Path("log.jsonl"), _ => true)).Message;
        Assert.EndsWith("log.jsonl: is a pipe or a device; wanted a file, or nothing", message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_has_a_header_and_a_row_per_epoch()
    {
        using var folder = new TemporaryFolder();
        Run(folder, Runs.Images);
        var rows = File.ReadAllLines(folder.Path("run/metrics.csv"));
        Assert.StartsWith("epoch,step,learning_rate,train_loss,", rows[0], StringComparison.Ordinal);
        Assert.Equal(["1", "2"], rows.Skip(1).Select(row => row.Split(',')[0]));
        Assert.All(rows, row => Assert.Equal(rows[0].Count(c => c == ','), row.Count(c => c == ',')));
    }

    [Fact]
    public void Lines_are_the_same_json_as_ever()
    {
        using var folder = new TemporaryFolder();
        using (var log = new JsonLinesLog(folder.Path("log.jsonl"), new() { Step = 7 }, new Noon()))
        {
            log.Message("Straße <\"1\">");
            log.Step(new(2, 3, 4, 5, 8, double.NaN, 0.1 + 0.2, 0.5, 1e-5, null, 0.25, 0.125, 1e20, TimeSpan.FromSeconds(90)));
            log.Step(new(2, 3, 4, 5, 9, 1, 2, 0.5, 0.1, double.PositiveInfinity, 0.25, 0.125, 40, TimeSpan.Zero));
            log.Epoch(new(2, 3, 10, 0.1, 1.5, 0.5, 60.5, null, false, -1, 0));
            var counter = new MetricsCounter(["a", "b"]);
            counter.Add([0, 0, /**/ 0, 0], [0, 1]);
            log.Epoch(new(2, 3, 10, 0.1, 1.5, 0.5, 60.5, counter.Result(), true, 0.5, 2));
            log.Warning("w");
        }

        Assert.Equal(
            [
                """{"kind":"message","time":"2026-01-02T12:00:00+00:00","step":7,"text":"Straße <\"1\">"}""",
                """{"kind":"step","time":"2026-01-02T12:00:00+00:00","step":8,"epoch":2,"batch":4,"loss":null,"mean_loss":0.30000000000000004,"top1":0.5,"""
                    + "\"learning_rate\":1E-05,\"batch_seconds\":0.25,\"reader_seconds\":0.125,\"images_per_second\":1E+20,\"remaining_seconds\":90}",
                """{"kind":"step","time":"2026-01-02T12:00:00+00:00","step":9,"epoch":2,"batch":4,"loss":1,"mean_loss":2,"top1":0.5,"learning_rate":0.1,"""
                    + "\"gradient_norm\":null,\"batch_seconds\":0.25,\"reader_seconds\":0.125,\"images_per_second\":40,\"remaining_seconds\":0}",
                """{"kind":"epoch","time":"2026-01-02T12:00:00+00:00","step":10,"epoch":2,"learning_rate":0.1,"train_loss":1.5,"train_top1":0.5,"""
                    + "\"seconds\":60.5,\"is_best\":false}",
                """{"kind":"epoch","time":"2026-01-02T12:00:00+00:00","step":10,"epoch":2,"learning_rate":0.1,"train_loss":1.5,"train_top1":0.5,"""
                    + "\"seconds\":60.5,\"val_loss\":0.6931471805599453,\"val_top1\":0.5,\"val_macro\":0.5,\"val_micro\":0.5,\"val_samples\":2,"
                    + "\"is_best\":true,\"best_top1\":0.5,\"best_epoch\":2}",
                """{"kind":"warning","time":"2026-01-02T12:00:00+00:00","step":10,"text":"w"}""",
            ],
            File.ReadAllLines(folder.Path("log.jsonl")));
    }

    private sealed class Noon : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);
    }

    private static void Run(TemporaryFolder folder, MemoryBatches images)
    {
        using var run = RunFolder.Open(folder.Path("run"), resume: true);
        using var trainer = new Trainer(Runs.Options(Runs.Recipe(), run.Checkpoints, images));
        using var logs = new FolderLogs(run, trainer.State, TimeProvider.System);
        trainer.Run(logs, TestContext.Current.CancellationToken);
    }

    /// <summary>What is the same in every run: not times, and not that it was resumed.</summary>
    private static string[] Lines(TemporaryFolder folder) =>
    [
        .. File.ReadLines(folder.Path("run/log.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)
            .Where(json => json.GetProperty("kind").GetString() != "message")
            .Select(json => string.Join(' ', json.EnumerateObject().Where(entry => !IsTime(entry.Name)).Select(entry => entry.ToString()))),
    ];

    private static bool IsTime(string name) => name == "time" || name.Contains("second", StringComparison.Ordinal);

    private static string[] Rows(TemporaryFolder folder) =>
        [.. File.ReadLines(folder.Path("run/metrics.csv")).Select(row => row[..row.LastIndexOf(',')])];
}
