using System.Globalization;
using Fovea.Data.Sources;
using Fovea.Tables;
using Fovea.Training.Metrics;

namespace Fovea.Cli.Tests.Tables;

/// <summary>Rows that were published, from what can be computed.</summary>
public class PublishedTablesTests
{
    /// <summary>Type, blocks, widths, MACs, Flops, params, memory, stage of the layer. N3's last width is a misprint there (0.1); M0's Flops are cut off (252.95M).</summary>
    private static readonly string[] s_costs =
    [
        "repvgg_a0|[2,4,14,1]|[0.75,0.75,0.75,2.5]|348.45|202.337M|7.142M|2261.25|stages.3", "repvgg_n0|[2,4,14,1]|[1.0,1.0,1.0,1.0]|573.47|268.466M|9.784M|1192.5|stages.3",
        "repvgg_n1|[2,4,14,1]|[0.25,0.25,0.25,0.25]|36.87|67.117M|621.369K|245.4375|stem", "repvgg_n2|[2,4,14,1]|[0.5,0.5,0.5,0.5]|144.73|134.233M|2.459M|490.875|stem",
        "repvgg_n3|[2,4,14,1]|[0.25,0.25,0.25,1.0]|40.44|67.540M|877.113K|328.5|stages.3", "repvgg_n4|[2,4,14,1]|[0.5,0.5,0.5,1.0]|149.47|134.515M|2.777M|616.5|stages.3",
        "repvgg_m0|[2,2,2,2]|[1.0,1.0,1.0,1.0]|206.59|252.956M|4.768M|2344.5|stages.3", "repvgg_m1|[2,2,2,2]|[0.75,0.75,0.75,2.5]|356.78|191.220M|17.740M|14501.25|stages.3",
    ];

    [Fact]
    [Trait("row", "S0-02")]
    public void Costs_of_small_variants_are_those_of_the_publication_to_every_digit()
    {
        string[] models = [.. s_costs.Select(row => row.Split('|')[0])];
        var shell = Shell.Run(["table", "cost", .. models, "--classes", "89", "--image-size", "112"]);
        Assert.Equal((0, ""), (shell.Code, shell.Error));
        var rows = Rows(shell.Out);
        foreach (var (expected, row) in s_costs.Select(row => row.Split('|')).Zip(rows))
        {
            Assert.Equal(expected[..3], row[..3]);
            Assert.Equal(expected[3], double.Parse(row[3].TrimEnd('M'), CultureInfo.InvariantCulture).ToString("F2", CultureInfo.InvariantCulture));
            Assert.Equal(expected[4..7], row[4..7]);
            Assert.StartsWith(expected[7] + ".", row[7], StringComparison.Ordinal);
        }
    }

    [Fact]
    [Trait("row", "S0-08")]
    public void Statistics_of_the_classes_are_those_that_pandas_printed()
    {
        var train = Published("classes-train.csv").ToDictionary(row => row[0], row => int.Parse(row[1], CultureInfo.InvariantCulture));
        // Class 81 stands in both parts whole.
        var counts = Published("classes-val.csv").Select(row => train[row[0]] + (row[0] == "81" ? 0 : int.Parse(row[2], CultureInfo.InvariantCulture)));
        var table = StatisticsTable.Of(Distribution.Of(counts));
        Assert.Equal(
            [
                ("count", "89.000000"), ("mean", "561.831461"), ("std", "809.292792"), ("min", "8.000000"), ("25%", "135.000000"), ("50%", "271.000000"),
                ("75%", "502.000000"), ("max", "5121.000000"),
            ],
            table.Rows.Select(row => (row[0].Text, row[1].Text)));
    }

    [Fact]
    [Trait("row", "S0-10")]
    public void Table_of_classes_has_the_published_rows_and_the_accuracies_that_follow_from_them()
    {
        var published = Published("classes-val.csv");
        var rows = published.Select(row => (Class: row[0], Count: Whole(row[2]), Correct: (int)Math.Round(Whole(row[2]) * double.Parse(row[1], CultureInfo.InvariantCulture))));
        var table = ClassTable.Of(Metrics([.. rows]));
        Assert.Equal(["Class", "Accuracy", "validation num"], table.Names);
        Assert.Equal(published.Select(row => row[1]), table.Rows.Select(row => row[1].Text));
        Assert.Equal(Sorted(published), Sorted(table.Rows.Select(row => row.Select(cell => cell.Text).ToArray())));
        Assert.Contains("88.2294 %", table.Note, StringComparison.Ordinal);
        Assert.Contains("91.6095 %", table.Note, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("row", "S0-10")]
    public void Table_of_training_classes_has_the_published_rows()
    {
        var published = Published("classes-train.csv");
        var table = TrainClassTable.Of(Metrics([.. published.Select(row => (row[0], Whole(row[1]), Whole(row[2])))]));
        Assert.Equal(["class", "num in training dataset", "True", "ACC"], table.Names);
        Assert.Equal(published.Select(row => row[3]), table.Rows.Select(row => row[3].Text));
        Assert.Equal(Sorted(published), Sorted(table.Rows.Select(row => row.Select(cell => cell.Text).ToArray())));
        Assert.Contains("89.8026 %", table.Note, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("row", "S1-05")]
    [InlineData("repvgg_a0", "9.13", 24.12, "10613.60", 0.7229, 0.9078)]
    [InlineData("repvgg_a1", "14.12", 20.70, "12367.15", 0.7419, 0.9189)]
    public void Row_of_MindCV_has_parameters_with_statistics_and_images_over_time(
        string model, string millions, double step, string speed, double top1, double top5)
    {
        var run = RunFigures.Of(model) with { Cards = 8, BatchSize = 32, StepMilliseconds = step, Top1 = top1, Top5 = top5, Recipe = "yaml", Weights = "weights" };
        var table = new ResultTable().Of([run]);
        Assert.Equal(
            "model name|params(M)|cards|batch size|resolution|jit level|graph compile|ms/step|img/s|acc@top1|acc@top5|recipe|weight", string.Join('|', table.Names));
        Assert.Equal(
            [
                model, millions, "8", "32", "224x224", "", "", Fixed(step), speed, Fixed(100 * top1), Fixed(100 * top5), "yaml", "weights",
            ],
            table.Rows[0].Select(cell => cell.Text));
    }

    [Fact]
    public void Errors_stand_beside_those_of_the_paper()
    {
        var run = new RunFigures { Model = "dla60", Name = "DLA60_best", Top1 = 0.77666, Top5 = 0.94004 };
        var table = new ErrorTable().Checked([run], FigureFile.Parse("model,top-1 err,top-5 err\nDLA60,23.1,6.7\n", "paper.csv"));
        Assert.Equal(["dla60|top-1 err|23.1|22.334", "dla60|top-5 err|6.7|5.996"], table.Rows.Select(Text));
    }

    [Theory]
    [Trait("row", "S3-03")]
    [InlineData(0.9622, null, "3.89", "wideresnet|3.78(96.22)||3.89")]
    [InlineData(0.9697, 0.113, "4.65", "wideresnet|3.03(96.97)|0.113|4.65")]
    public void Error_rate_has_the_accuracy_in_parentheses(double top1, double? loss, string paper, string expected)
    {
        var run = new RunFigures { Model = "wideresnet", Name = "run", Top1 = top1, Loss = loss };
        Assert.Equal(expected, Text(new LossTable().Checked([run], FigureFile.Parse($"model,error rate\nrun,{paper}\n", "paper.csv")).Rows[0]));
    }

    [Fact]
    [Trait("row", "S4-10")]
    public void Comparison_has_two_operations_for_each_multiply_accumulate()
    {
        var run = new RunFigures { Model = "mixnet_m_gpu", Name = "run", Params = 12_000_000, Macs = 532_400_000, Top1 = 0.715, Top5 = 0.905 };
        var table = new ComparisonTable().Checked([run], FigureFile.Parse("model,top-1,top-5\nmixnet_m_gpu,77.0,93.3\n", "paper.csv"));
        Assert.Equal("mixnet_m_gpu|12.0M|1.065|0.532|71.5|90.5|77.0|93.3", Text(table.Rows[0]));
    }

    private static string[][] Published(string file) =>
        [.. File.ReadAllLines(Repository.Path($"test/fixtures/tables/{file}")).Skip(1).Select(line => line.Split(','))];

    private static EvaluationMetrics Metrics((string Class, int Count, int Correct)[] rows)
    {
        var counter = new MetricsCounter([.. rows.Select(row => row.Class)]);
        for (var c = 0; c < rows.Length; c++)
            for (var i = 0; i < rows[c].Count; i++)
            {
                var logits = new float[rows.Length];
                logits[i < rows[c].Correct ? c : (c + 1) % rows.Length] = 1;
                counter.Add(logits, [c]);
            }

        return counter.Result();
    }

    private static IEnumerable<string> Sorted(IEnumerable<string[]> rows) => rows.Select(row => string.Join('|', row)).Order(StringComparer.Ordinal);

    private static List<string[]> Rows(string markdown) =>
        [.. markdown.Split('\n').Skip(2).TakeWhile(line => line.StartsWith('|')).Select(line => line.Trim('|', ' ').Split(" | "))];

    private static string Text(IReadOnlyList<TableCell> row) => string.Join('|', row.Select(cell => cell.Text));

    private static string Fixed(double x) => x.ToString("F2", CultureInfo.InvariantCulture);

    private static int Whole(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
