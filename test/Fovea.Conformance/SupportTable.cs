using Fovea.Execution;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Conformance;

/// <summary>Mode «support»: which backend runs which operation.</summary>
public static class SupportTable
{
    /// <summary>Runs the first case of every operation on every backend.</summary>
    /// <param name="columns">The backends, each with the precision in which it is asked.</param>
    public static IReadOnlyList<SupportRow> Of(params IReadOnlyList<(IBackend Backend, DType Precision)> columns) =>
        [.. OpTable.Names.Select(name => new SupportRow(name, [.. columns.Select(column => Try(name, column.Backend, column.Precision))]))];

    /// <summary>The rows as a table in Markdown.</summary>
    public static string Print(IReadOnlyList<SupportRow> rows, params IReadOnlyList<(IBackend Backend, DType Precision)> columns)
    {
        var text = new System.Text.StringBuilder("| op |");
        foreach (var (backend, precision) in columns) text.Append($" {backend.Name} {precision.ShortName} |");
        text.Append("\n|---|").Insert(text.Length, "---|", columns.Count).Append('\n');
        foreach (var row in rows) text.Append($"| {row.Op} | {string.Join(" | ", row.Answers)} |\n");
        return text.ToString();
    }

    private static string Try(string op, IBackend backend, DType precision)
    {
        var cases = OpCatalogue.All.Where(@case => @case.Op.Name == op && (precision == DType.Float32 || @case.HasBFloat16));
        if (cases.FirstOrDefault() is not { } first) return "–";
        try
        {
            ResultCheck.Run(backend, first, precision);
            return "yes";
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return e is ConformanceException ? "wrong" : $"no: {e.Message.Split('\n')[0].Replace('|', '/')}";
        }
    }
}

/// <summary>What the backends say to one operation.</summary>
/// <param name="Op">The operation's name.</param>
/// <param name="Answers">For each backend: yes; wrong; no, with the reason; – when the operation has no form in that precision.</param>
public sealed record SupportRow(string Op, IReadOnlyList<string> Answers);
