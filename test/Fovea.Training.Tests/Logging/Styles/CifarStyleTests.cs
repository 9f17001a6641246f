using System.Globalization;
using Fovea.Training.Logging.Styles;

namespace Fovea.Training.Tests.Logging.Styles;

[Trait("row", "S3-05")]
public class CifarStyleTests
{
    private const string Line =
        @"Epoch:\[(\d{3})/(\d{3})\] lr:(\d+\.\d{4}) train_acc:(\d\.\d{3}) train_loss:(\d+\.\d{4}) train_time:(\d+\.\d\d) "
        + @"valid_acc:(\d\.\d{3}) valid_loss:(\d+\.\d{4}) valid_time:(\d+\.\d\d) total_time: (\d+\.\d\d)$";

    [Fact]
    public void Line_of_an_epoch_is_theirs_on_the_console_and_in_the_file()
    {
        using var run = new StyledRun().Train(new CifarStyle());
        var printed = run.Lines.Numbers(@"^\d\d/\d\d \d\d:\d\d:\d\d [AP]M " + Line);
        var kept = run.Text("log.txt").Split('\n').Numbers(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} " + Line);
        Assert.Equal(printed, kept);
        Assert.Equal(
            run.Metrics.Select(row => (
                row["epoch"] - 1, row["learning_rate"].Fixed(4), row["train_top1"].Fixed(3), row["train_loss"].Fixed(4), row["val_top1"].Fixed(3),
                row["val_loss"].Fixed(4))),
            printed.Select(line => (line[0], line[2].Fixed(4), line[3].Fixed(3), line[4].Fixed(4), line[6].Fixed(3), line[7].Fixed(4))));
    }

    [Fact]
    public void Table_has_a_row_for_each_epoch_and_shares_in_percent()
    {
        using var run = new StyledRun().Train(new CifarStyle(), epochs: 1).Train(new CifarStyle(), epochs: 2);
        var lines = run.Text("log.csv").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("epoch,lr,loss,acc,val_loss,val_acc", lines[0]);
        Assert.StartsWith("0.0,0.", lines[1], StringComparison.Ordinal);
        var rows = lines.Skip(1).Select(line => line.Split(',').Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray());
        Assert.Equal(
            run.Metrics.Select(row => new[]
            {
                row["epoch"] - 1, row["learning_rate"], row["train_loss"], 100 * row["train_top1"], row["val_loss"], 100 * row["val_top1"],
            }),
            rows);
    }

    [Fact]
    public void Arguments_are_printed_and_kept()
    {
        using var run = new StyledRun().Train(new CifarStyle(), epochs: 1);
        var arguments = run.Text("args.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("bs: 4", arguments);
        Assert.Contains("model: tiny", arguments);
        Assert.Contains("crit: lsr", arguments);
        Assert.Equal(arguments, run.Lines.SkipWhile(line => line != "--------Config -----").Skip(1).TakeWhile(line => line != "--------------------"));
    }
}
