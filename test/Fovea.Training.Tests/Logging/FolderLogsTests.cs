using System.Text.Json;
using Fovea.Training.Checkpoints;
using Fovea.Training.Logging;
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
    public void The_table_has_a_header_and_a_row_per_epoch()
    {
        using var folder = new TemporaryFolder();
        Run(folder, Runs.Images);
        var rows = File.ReadAllLines(folder.Path("run/metrics.csv"));
        Assert.StartsWith("epoch,step,learning_rate,train_loss,", rows[0], StringComparison.Ordinal);
        Assert.Equal(["1", "2"], rows.Skip(1).Select(row => row.Split(',')[0]));
        Assert.All(rows, row => Assert.Equal(rows[0].Count(c => c == ','), row.Count(c => c == ',')));
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
