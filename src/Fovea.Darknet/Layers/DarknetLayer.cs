using System.Globalization;
using Fovea.Graphs;

namespace Fovea.Darknet.Layers;

/// <summary>A layer of a network: what its section says, what it makes, what Darknet prints of it, its tensors, and its graph.</summary>
/// <remarks>One record for each kind of section, which <see cref="LayerKind.All"/> lists.</remarks>
/// <param name="Index">The number of the layer, from 0.</param>
/// <param name="Input">What the layer takes.</param>
public abstract record DarknetLayer(int Index, LayerShape Input)
{
    /// <summary>The name of the section, in its long form.</summary>
    public abstract string Kind { get; }

    /// <summary>What the layer makes.</summary>
    public abstract LayerShape Output { get; }

    /// <summary>Darknet's count of its work, 2·multiply-accumulates for a convolution, in 10⁹ operations; computed as there.</summary>
    public virtual float BFlops => 0;

    /// <summary>Its tensors in the order of a file of weights; those of a layer that shares another's are not among them.</summary>
    public virtual IReadOnlyList<LayerTensor> Tensors => [];

    /// <summary>The line that AlexeyAB's Darknet prints, without the number in front; it may be several.</summary>
    public abstract string Row { get; }

    /// <summary>The line that pjreddie's Darknet prints, without the number in front.</summary>
    public virtual string OriginalRow => Row;

    /// <summary>What every section may say.</summary>
    public LayerSettings Settings { get; init; } = new();

    /// <summary>The line of the section in the file.</summary>
    public int Line { get; init; }

    /// <summary>What Darknet prints before <see cref="Row"/>: values that are not given.</summary>
    public IReadOnlyList<string> RowsBefore { get; init; } = [];

    /// <summary>What Darknet prints after <see cref="Row"/>: values that are not given, and entries that it did not ask for.</summary>
    public IReadOnlyList<string> RowsAfter { get; init; } = [];

    /// <summary>What goes into Darknet's <c>avg_outputs</c>, with the rows and columns by which it is told whether it does.</summary>
    internal virtual (int Width, int Height, int Outputs) Averaged => (Input.Width, Input.Height, Output.Elements);

    /// <summary>Reads what Darknet asks for after it has printed the layer.</summary>
    internal virtual void ReadRest(Cfg.CfgOptions options)
    {
    }

    /// <summary>Adds the layer to a graph.</summary>
    /// <param name="at">The graph, and what the layers before make.</param>
    /// <param name="x">[N, C, H, W]: what the layer before makes, [N, elements, 1, 1] where that is no image.</param>
    /// <returns>The same of this layer.</returns>
    internal abstract Value Lower(LayerLowering at, Value x);

    /// <summary>Text with numbers as C prints them.</summary>
    private protected static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
