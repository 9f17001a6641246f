using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Darknet.Layers;

/// <summary><c>[convolutional]</c>: a convolution with a norm or biases, an activation, and a blur where it asks for one.</summary>
public sealed record ConvolutionalLayer : DarknetLayer
{
    /// <summary>The weight of a batch in the running statistics: that of Darknet on a CPU (0.01 with CUDA).</summary>
    public const double Momentum = 0.1;

    private readonly LayerShape _made;
    private readonly Blur? _blur;
    private readonly ConvolutionalLayer? _shared;

    private ConvolutionalLayer(LayerContext at)
        : base(at.Index, at.Image)
    {
        var options = at.Options;
        Filters = options.Integer("filters", 1, 1, LayerContext.Channels, isTold: true);
        Groups = Math.Max(options.Integer("groups", 1, high: LayerContext.Channels), 1);
        Size = options.Integer("size", 1, 1, LayerContext.Window, isTold: true);
        (StrideX, StrideY) = Strides(at);
        Dilation = options.Integer("dilation", 1, 1, LayerContext.Window);
        var antialiasing = options.Integer("antialiasing", 0);
        if (Size == 1) Dilation = 1;
        var isPadded = options.Flag("pad");
        Padding = options.Integer("padding", 0, 0, LayerContext.Window);
        if (isPadded) Padding = Size / 2;
        Activation = at.Activation("logistic");
        IsAssisted = (int)options.Real("assisted_excitation", 0, int.MinValue, int.MaxValue) != 0;
        _shared = Shared(at);
        IsNormalised = options.Flag("batch_normalize") | options.Flag("cbn");
        IsBinary = options.Flag("binary");
        IsXnor = options.Flag("xnor");
        MakesBits = options.Flag("bin_output");
        IsFlipped = options.Flag("flipped");
        CheckOthers(at);
        if (IsXnor) Groups = 1;
        _made = Measured(at, antialiasing);
        _blur = Blur.Of(at, _made, antialiasing, StrideX, StrideY);
        if (_blur is not null) (StrideX, StrideY) = (1, 1);
        WeightCount = at.Weights((Int128)(Input.Channels / Groups) * Filters * Size * Size);
        CheckShared(at);
    }

    /// <inheritdoc/>
    public override string Kind => "convolutional";

    /// <summary>Output channels. Default 1.</summary>
    public int Filters { get; }

    /// <summary>In how many independent parts the channels fall. Default 1, as of every XNOR convolution.</summary>
    public int Groups { get; }

    /// <summary>Rows and columns of the kernel. Default 1.</summary>
    public int Size { get; }

    /// <summary>Columns per step; 1 where <c>antialiasing</c> gives them to the blur. Default 1.</summary>
    public int StrideX { get; }

    /// <summary>Rows per step.</summary>
    public int StrideY { get; }

    /// <summary>Pixels between taps. Default 1.</summary>
    public int Dilation { get; }

    /// <summary>Zeros on each side, before they are multiplied with the dilation: <c>padding</c>, or half of the kernel where <c>pad=1</c>.</summary>
    public int Padding { get; }

    /// <summary>What follows. Default logistic.</summary>
    public DarknetActivation Activation { get; }

    /// <summary>Whether it has a norm (<c>batch_normalize</c>, <c>cbn</c>).</summary>
    public bool IsNormalised { get; }

    /// <summary>Whether the weights are ±their mean magnitude in each filter (<c>binary</c>).</summary>
    public bool IsBinary { get; }

    /// <summary>Whether the input is ±1 too (<c>xnor</c>).</summary>
    public bool IsXnor { get; }

    /// <summary>Whether Darknet hands its output on as bits (<c>bin_output</c>), which changes nothing of what an XNOR convolution reads in it.</summary>
    public bool MakesBits { get; }

    /// <summary>Whether its weights lie transposed in a file.</summary>
    public bool IsFlipped { get; }

    /// <summary>The layer whose weights it uses; null for its own.</summary>
    public int? SharedWith => _shared?.Index;

    /// <summary>Elements of its weights.</summary>
    public int WeightCount { get; }

    private bool IsAssisted { get; }

    /// <inheritdoc/>
    public override LayerShape Output => _blur?.Output ?? _made;

    /// <inheritdoc/>
    public override float BFlops => (float)(2.0 * WeightCount * _made.Height * _made.Width / 1e9) is var bflops && IsXnor ? bflops / 32 : bflops;

    /// <inheritdoc/>
    public override IReadOnlyList<LayerTensor> Tensors => _shared is null ? Own : [];

    /// <inheritdoc/>
    public override string Row
    {
        get
        {
            var tag = IsXnor ? MakesBits ? "convXB" : "convX " : _shared is not null ? "convS " : IsAssisted ? "convAE" : "conv  ";
            var row = RowOf(tag, Filters, Groups, Size, StrideX, StrideY, Dilation, Input, _made, BFlops);
            return _blur is null ? row : $"{row}\nAA:  {_blur.Row}";
        }
    }

    /// <inheritdoc/>
    public override string OriginalRow => Text(
        $"conv  {Filters,5} {Size,2} x{Size,2} /{StrideX,2}  {Input}   ->  {_made}  {Printed.Fixed(2.0 * WeightCount * _made.Height * _made.Width / 1e9, 3, 5)} BFLOPs");

    /// <inheritdoc/>
    internal override (int Width, int Height, int Outputs) Averaged => (Input.Width, Input.Height, _made.Elements);

    private Initializer Beginning => Activation.SharesChannels ? Initializer.Ones : LayerTensor.Usual((long)Input.Channels / Groups * Size * Size);

    private IReadOnlyList<LayerTensor> Own =>
    [
        LayerTensor.Biases(Index, Filters),
        .. IsNormalised ? LayerTensor.OfNorm(Index, Filters) : [],
        new(Index, "weights", new(Filters, Input.Channels / Groups, Size, Size), Beginning)
        {
            Order = IsFlipped ? MatrixOrder.Columns : MatrixOrder.Rows,
        },
    ];

    /// <summary>Reads a section.</summary>
    internal static ConvolutionalLayer Read(LayerContext at) => new(at);

    internal static string RowOf(
        string tag, int filters, int groups, int size, int strideX, int strideY, int dilation, LayerShape from, LayerShape to, float bflops)
    {
        var channels = groups > 1 ? Text($"{filters,5}/{groups,4} ") : Text($"{filters,5}      ");
        var window = strideX != strideY ? Text($"{size,2}x{size,2}/{strideX,2}x{strideY,2} ")
            : dilation > 1 ? Text($"{size,2} x{size,2}/{strideX,2}({dilation})") : Text($"{size,2} x{size,2}/{strideX,2}   ");
        return $"{tag}{channels}{window}{from} -> {to} {Printed.BFlops(bflops)}";
    }

    /// <inheritdoc/>
    internal override Value Lower(LayerLowering at, Value x)
    {
        var tensors = at.Declared((_shared ?? this).Own);
        if (!IsNormalised) tensors.Remove("scales");
        var weights = tensors["weights"];
        if (IsXnor || IsBinary) weights = Binarised.Weights(weights);
        var padding = Padding * Dilation;
        if (IsXnor) (x, padding) = (Binarised.Images(x, padding), 0);
        x = x.Conv2d(weights, new Window2d(StrideY, StrideX, padding, padding, padding, padding, Dilation, Dilation), Groups);
        x = Activation.Of(LayerLowering.NormOrBiases(x, tensors, Momentum));
        return _blur?.Lower(at, x) ?? x;
    }

    private static (int X, int Y) Strides(LayerContext at)
    {
        var options = at.Options;
        var (x, y) = (options.Integer("stride_x", -1, high: LayerContext.Window), options.Integer("stride_y", -1, high: LayerContext.Window));
        var stride = options.Integer("stride", 1, 1, LayerContext.Window, isTold: x < 1 || y < 1);
        return (x < 1 ? stride : x, y < 1 ? stride : y);
    }

    private static ConvolutionalLayer? Shared(LayerContext at)
    {
        if (!at.Options.Has("share_index")) return null;
        var layer = at.Reference("share_index", at.Options.Integer("share_index", 0));
        return layer is ConvolutionalLayer shared
            ? shared._shared ?? shared
            : throw at.Options.Wrong("share_index", $"names layer {layer.Index}, a [{layer.Kind}]; wanted a [convolutional]");
    }

    /// <summary>What other keys say: some change how Darknet trains, some make another network.</summary>
    private static void CheckOthers(LayerContext at)
    {
        var options = at.Options;
        foreach (var key in new[] { "sway", "rotate", "stretch", "stretch_sway", "coordconv" })
            if (options.Flag(key)) throw options.Wrong(key, "makes kernels that turn or stretch, or adds coordinates, which Fovea has not; wanted 0");
        options.Real("angle", 15);
        foreach (var key in new[] { "dot", "grad_centr", "reverse", "stream", "wait_stream" })
        {
            options.Real(key, 0);
            options.Pass(key, "has no effect here: it changes how Darknet trains, or on which stream of a GPU");
        }

        options.Pass("assisted_excitation", "has no effect here: it looks at boxes of objects in training");
        options.Pass("bin_output", "has no effect on results: the next XNOR convolution reads signs alone");
    }

    private LayerShape Measured(LayerContext at, int antialiasing)
    {
        if (Input.Channels % Groups != 0 || Filters % Groups != 0)
            throw at.Options.Wrong("groups", $"is {Groups}; wanted a divisor of {Input.Channels} channels and {Filters} filters");
        var (strideX, strideY) = antialiasing != 0 ? (1, 1) : (StrideX, StrideY);
        var reach = ((Size - 1) * (long)Dilation) + 1;
        var (width, height) = (Input.Width + (2L * Padding * Dilation) - reach, Input.Height + (2L * Padding * Dilation) - reach);
        if (width < 0 || height < 0)
            throw at.Options.Wrong($"has a kernel that reaches over {reach} pixels; wanted an image of at least as many with its padding, not {Input.Width} x {Input.Height}");
        var (printedX, printedY) = ((Input.Width + (2L * Padding) - Size) / strideX, (Input.Height + (2L * Padding) - Size) / strideY);
        if (printedX != width / strideX || printedY != height / strideY)
            throw at.Options.Wrong(
                "dilation", $"is {Dilation}: Darknet counts {printedX + 1} x {printedY + 1} pixels and makes others; wanted pad=1 with an odd size beside it");
        return at.Made(printedX + 1, printedY + 1, Filters);
    }

    private void CheckShared(LayerContext at)
    {
        if (_shared is not { } other) return;
        if ((Size, WeightCount, Input.Channels, Filters) != (other.Size, other.WeightCount, other.Input.Channels, other.Filters))
            throw at.Options.Wrong("share_index", $"names layer {other.Index}, whose size, channels or filters differ; wanted the same");
        if (IsNormalised && !other.IsNormalised) throw at.Options.Wrong("share_index", $"names layer {other.Index}, which has no norm to share");
    }
}
