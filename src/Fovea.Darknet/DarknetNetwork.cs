using Fovea.Darknet.Cfg;
using Fovea.Darknet.Layers;
using Fovea.Formats;
using Fovea.Naming;

namespace Fovea.Darknet;

/// <summary>A network as a cfg describes it: its options, and its layers with their shapes.</summary>
public sealed class DarknetNetwork
{
    /// <summary>The most weights of a network: 4 GiB in float32.</summary>
    private const long MostWeights = 1L << 30;

    private DarknetNetwork(CfgFile cfg, NetOptions net, IReadOnlyList<DarknetLayer> layers, IReadOnlyList<string> notes) =>
        (Cfg, Net, Layers, Notes) = (cfg, net, layers, notes);

    /// <summary>The text that it was read from.</summary>
    public CfgFile Cfg { get; }

    /// <summary>What <c>[net]</c> says.</summary>
    public NetOptions Net { get; }

    /// <summary>The layers, one for each section but the first.</summary>
    public IReadOnlyList<DarknetLayer> Layers { get; }

    /// <summary>What was passed over, a sentence each with its line: entries that nobody asked for, that are there twice, or have no effect here.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>What the network takes.</summary>
    public LayerShape Input => InputOf(Net);

    /// <summary>The layer that makes the output: the last that is no <c>[cost]</c>.</summary>
    public DarknetLayer Last => Layers.LastOrDefault(layer => layer is not CostLayer) ?? Layers[^1];

    /// <summary>The <c>[softmax]</c> that makes the output; null where another layer does.</summary>
    public SoftmaxLayer? Softmax => Last as SoftmaxLayer;

    /// <summary>Numbers of the output.</summary>
    public int Outputs => Last.Output.Elements;

    /// <summary>Darknet's <c>Total BFLOPS</c>, added up in float32 as there.</summary>
    public float BFlops => Layers.Aggregate(0f, (sum, layer) => layer.BFlops > 0 ? sum + layer.BFlops : sum);

    /// <summary>Darknet's <c>avg_outputs</c>: the mean number of outputs of layers whose input has more than one row and column.</summary>
    public long AverageOutputs
    {
        get
        {
            long[] counted = [.. Layers.Select(layer => layer.Averaged).Where(layer => layer.Width > 1 && layer.Height > 1).Select(layer => (long)layer.Outputs)];
            return counted.Length == 0 ? 0 : counted.Sum() / counted.Length;
        }
    }

    /// <summary>All tensors in the order of a file of weights.</summary>
    public IEnumerable<LayerTensor> Tensors => Layers.SelectMany(layer => layer.Tensors);

    /// <summary>Reads a cfg.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ModelFormatException">It is no network that can be had; the message has the line.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static DarknetNetwork Read(string path) => Of(CfgFile.Read(path));

    /// <summary>The network of a cfg that is read already.</summary>
    /// <param name="cfg">The cfg.</param>
    /// <exception cref="ModelFormatException">It is no network that can be had; the message has the line.</exception>
    public static DarknetNetwork Of(CfgFile cfg)
    {
        ArgumentNullException.ThrowIfNull(cfg);
        var options = new CfgOptions(cfg.Name, cfg.Sections[0]);
        var net = NetOptions.Read(options);
        options.Unread();
        if (cfg.Sections.Count == 1) throw options.Wrong("stands alone; wanted layers after it");
        var notes = new List<string>(options.Notes);
        var layers = new List<DarknetLayer>(cfg.Sections.Count - 1);
        var (shape, weights) = (InputOf(net), 0L);
        foreach (var section in cfg.Sections.Skip(1))
        {
            var at = new LayerContext(new CfgOptions(cfg.Name, section), layers.Count, shape, layers);
            var layer = Read(at);
            weights += layer.Tensors.Sum(tensor => tensor.Shape.Elements);
            if (weights > MostWeights) throw at.Options.Wrong($"brings the network to {weights} weights; wanted at most {MostWeights}");
            layers.Add(layer);
            notes.AddRange(at.Options.Notes);
            shape = layer.Output;
        }

        return new(cfg, net, layers, notes);
    }

    /// <summary>The same network for images of another size.</summary>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <exception cref="ModelFormatException">Its layers do not fit that size.</exception>
    public DarknetNetwork WithSize(int width, int height) => (width, height) == (Net.Width, Net.Height)
        ? this
        : Of(With(0, Cfg.Sections[0].With("width", Printed(width)).With("height", Printed(height))));

    /// <summary>The same network for another number of classes: the last layer with weights makes as many.</summary>
    /// <param name="classes">Classes, from 1.</param>
    /// <exception cref="ModelFormatException">There is no such layer, or what follows it does not fit.</exception>
    public DarknetNetwork WithClasses(int classes)
    {
        if (classes == Outputs) return this;
        var head = Layers.LastOrDefault(layer => layer is ConvolutionalLayer or ConnectedLayer && layer.Output.Channels == Outputs)
            ?? throw new ModelFormatException(Cfg.Name, "", $"has no [convolutional] or [connected] layer that makes its {Amount.Of(Outputs, "output")}");
        var changed = Of(With(head.Index + 1, Cfg.Sections[head.Index + 1].With(head is ConnectedLayer ? "output" : "filters", Printed(classes))));
        return changed.Outputs == classes
            ? changed
            : throw new ModelFormatException(Cfg.Name, $"line {head.Line}", $"[{head.Kind}] does not make the output alone; wanted it to make all {classes}");
    }

    private static LayerShape InputOf(NetOptions net) => new(net.Width, net.Height, net.Channels, net.Inputs);

    private static DarknetLayer Read(LayerContext at)
    {
        var layer = LayerKind.Of(at).Read(at);
        var before = at.Options.TakeDefaults();
        layer.ReadRest(at.Options);
        var settings = LayerSettings.Of(at.Options);
        return layer with
        {
            Settings = settings, Line = at.Options.Section.Line, RowsBefore = before, RowsAfter = [.. at.Options.TakeDefaults(), .. at.Options.Unread()],
        };
    }

    private static string Printed(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private CfgFile With(int index, CfgSection section) => Cfg with { Sections = [.. Cfg.Sections.Take(index), section, .. Cfg.Sections.Skip(index + 1)] };
}
