namespace Fovea.Tables;

/// <summary>Work, parameters and memory of models, beside latencies that were measured on devices.</summary>
public sealed record CostTable : TableKind
{
    /// <inheritdoc/>
    public override string Name => "cost";

    /// <inheritdoc/>
    public override string Description => "Blocks, widths, MACs, parameters and memory of models in their deploy form, beside measured latencies";

    /// <summary>The table.</summary>
    /// <param name="models">The models.</param>
    /// <param name="measured">Measurements, of which each column becomes one of the table; cells stay as they are.</param>
    /// <exception cref="TableException">A measurement is of no model of the table, or a column is in two files.</exception>
    public static ReportTable Of(IReadOnlyList<CostFigures> models, IReadOnlyList<FigureFile> measured)
    {
        string[] names = [.. models.Select(model => model.Name)];
        foreach (var file in measured) file.CheckRows(names);
        string[] devices = [.. measured.SelectMany(file => file.Columns)];
        if (devices.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new TableException($"the column '{twice.Key}' is in {twice.Count()} files of measurements; wanted it in one");
        string[] columns =
        [
            "type", "num blocks", "width multiplier", ">MACs", ">Flops as published", ">Params", ">max memory KiB", "in layer",
            .. devices.Select(name => $">{name}"),
        ];
        var own = columns.Length - devices.Length;
        if (devices.FirstOrDefault(device => columns.Take(own).Any(column => column.TrimStart('>') == device)) is { } taken)
            throw new TableException($"the measurements have a column '{taken}', which is one of the table's own; wanted another name for it");
        return new(
            columns, [.. models.Select(model => (TableCell[])[.. Costs(model), .. measured.SelectMany(file => Cells(file, model.Name))])],
            "MACs: multiply-accumulates of convolutions and matrix products, for one image. Flops as published: what the table of small RepVGG variants prints, "
            + "a counter's mistake. Max memory: of one layer, its int8 weights and biases, its output as int32 and again as int8; KiB of 1024 bytes.");
    }

    private static IEnumerable<TableCell> Costs(CostFigures model) =>
    [
        model.Name, model.Shape?.BlocksText ?? "", model.Shape?.WidthsText ?? "", TableCell.Count(model.Macs), TableCell.Count(model.PublishedFlops),
        TableCell.Count(model.Params), TableCell.AtMost(model.Largest.Kibibytes, 10), model.Largest.Path,
    ];

    private static IEnumerable<TableCell> Cells(FigureFile file, string name) =>
        file.Find(name)?.Select(FigureFile.CellOf) ?? file.Columns.Select(_ => TableCell.Empty);
}
