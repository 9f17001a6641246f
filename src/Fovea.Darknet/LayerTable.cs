using System.Globalization;
using System.Text;
using Fovea.Darknet.Layers;

namespace Fovea.Darknet;

/// <summary>The table of layers as Darknet prints it while it reads a cfg.</summary>
public static class LayerTable
{
    private const string Header = "   layer   filters  size/strd(dil)      input                output";

    private const string OriginalHeader = "layer     filters    size              input                output";

    /// <summary>The whole text: a header, a line (or several) for each layer, and AlexeyAB's total and mean number of outputs.</summary>
    /// <param name="network">The network.</param>
    /// <param name="style">Whose program prints it.</param>
    public static string Of(DarknetNetwork network, TableStyle style = TableStyle.AlexeyAB)
    {
        ArgumentNullException.ThrowIfNull(network);
        var text = new StringBuilder(style == TableStyle.AlexeyAB ? Header : OriginalHeader).Append('\n');
        foreach (var layer in network.Layers) text.Append(Of(layer, style)).Append('\n');
        if (style == TableStyle.AlexeyAB) text.Append(Total(network));
        return text.ToString();
    }

    /// <summary>What is printed of one layer, without a line end: its number, values that are not given, its line, entries that are not read.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="style">Whose program prints it.</param>
    public static string Of(DarknetLayer layer, TableStyle style = TableStyle.AlexeyAB)
    {
        ArgumentNullException.ThrowIfNull(layer);
        var number = layer.Index.ToString(CultureInfo.InvariantCulture).PadLeft(style == TableStyle.AlexeyAB ? 4 : 5);
        var row = style == TableStyle.AlexeyAB ? layer.Row : layer.OriginalRow;
        return $"{number} {string.Join('\n', [.. layer.RowsBefore, row, .. layer.RowsAfter])}";
    }

    /// <summary>The last two lines: <c>Total BFLOPS 2.154</c> and <c>avg_outputs = 78915</c>.</summary>
    /// <param name="network">The network.</param>
    public static string Total(DarknetNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return string.Create(CultureInfo.InvariantCulture, $"Total BFLOPS {Printed.Fixed(network.BFlops, 3, 5)} \navg_outputs = {network.AverageOutputs} \n");
    }
}
