using System.Globalization;
using System.Text.Json;
using Fovea.Cli.Output;
using Fovea.Naming;
using Fovea.Training.Metrics;

namespace Fovea.Cli.Work;

/// <summary>Metrics as text and as JSON. All shares are fractions, 0–1.</summary>
internal static class EvaluationText
{
    private const int WidestMatrix = 30;

    internal static void Print(Report report, EvaluationMetrics metrics)
    {
        report.Line($"images  {metrics.Samples}");
        report.Line($"top1    {Fraction(metrics.Top1)}");
        if (metrics.Top5 is { } top5) report.Line($"top5    {Fraction(top5)}");
        report.Line($"loss    {Fraction(metrics.Loss)}");
        report.Line($"macro   {Fraction(metrics.Macro)}");
    }

    /// <summary>The classes, the worst first.</summary>
    internal static void PrintClasses(Report report, EvaluationMetrics metrics)
    {
        var table = new TextTable(">class", "name", ">count", ">correct", ">accuracy", ">precision", ">f1");
        foreach (var row in metrics.PerClass)
            table.Row(
                Number(row.Class), Shown(report, row.Name), Number(row.Count), Number(row.Correct), Share(row.Accuracy), Share(row.Precision), Share(row.F1));
        report.Table(table);
    }

    /// <summary>Rows are what the images are, columns what they were taken for; of many classes, only the pairs that occur.</summary>
    internal static void PrintConfusion(Report report, EvaluationMetrics metrics)
    {
        var names = metrics.PerClass.OrderBy(row => row.Class).Select(row => Shown(report, row.Name)).ToArray();
        if (names.Length > WidestMatrix)
        {
            PrintPairs(report, metrics.Confusion, names);
            return;
        }

        var table = new TextTable(["actual \\ taken for", .. Enumerable.Range(0, names.Length).Select(c => $">{c}")]);
        for (var actual = 0; actual < names.Length; actual++)
            table.Row([$"{actual} {names[actual]}", .. Enumerable.Range(0, names.Length).Select(predicted => Number(metrics.Confusion[actual, predicted]))]);
        report.Table(table);
    }

    internal static void Write(Utf8JsonWriter json, EvaluationMetrics metrics, bool confusion)
    {
        json.WriteNumber("images", metrics.Samples);
        json.WriteNumber("top1", metrics.Top1);
        if (metrics.Top5 is { } top5) json.WriteNumber("top5", top5);
        json.WriteNumber("loss", metrics.Loss);
        json.WriteNumber("macro", metrics.Macro);
        json.WriteNumber("micro", metrics.Micro);
        json.WriteStartArray("per_class");
        foreach (var row in metrics.PerClass)
        {
            json.WriteStartObject();
            json.WriteNumber("class", row.Class);
            json.WriteString("name", row.Name);
            json.WriteNumber("count", row.Count);
            json.WriteNumber("correct", row.Correct);
            json.WriteNumber("predicted", row.Predicted);
            WriteShare(json, "accuracy", row.Accuracy);
            WriteShare(json, "precision", row.Precision);
            WriteShare(json, "f1", row.F1);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (confusion) WriteConfusion(json, metrics.Confusion);
    }

    internal static string Fraction(double value) => value.ToString("F6", CultureInfo.InvariantCulture);

    private static string Share(double? value) => value is { } share ? Fraction(share) : "none";

    private static void WriteShare(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } share) json.WriteNumber(name, share);
        else json.WriteNull(name);
    }

    private static void WriteConfusion(Utf8JsonWriter json, ConfusionMatrix confusion)
    {
        json.WriteStartArray("confusion");
        for (var actual = 0; actual < confusion.Classes; actual++)
        {
            json.WriteStartArray();
            for (var predicted = 0; predicted < confusion.Classes; predicted++) json.WriteNumberValue(confusion[actual, predicted]);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static void PrintPairs(Report report, ConfusionMatrix confusion, string[] names)
    {
        var pairs = from actual in Enumerable.Range(0, names.Length)
                    from predicted in Enumerable.Range(0, names.Length)
                    where actual != predicted && confusion[actual, predicted] > 0
                    orderby confusion[actual, predicted] descending, actual, predicted
                    select (actual, predicted);
        var table = new TextTable("actual", "taken for", ">count");
        foreach (var (actual, predicted) in pairs) table.Row(names[actual], names[predicted], Number(confusion[actual, predicted]));
        report.Table(table);
    }

    private static string Shown(Report report, string name) => Printable.Short(name, report.Terminal.NameWidth);

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
