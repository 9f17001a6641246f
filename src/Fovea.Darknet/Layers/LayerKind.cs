using Fovea.Naming;

namespace Fovea.Darknet.Layers;

/// <summary>A kind of section that is a layer.</summary>
/// <param name="Names">How sections spell it, the long form first.</param>
/// <param name="Read">Reads one.</param>
public sealed record LayerKind(IReadOnlyList<string> Names, Func<LayerContext, DarknetLayer> Read)
{
    /// <summary>All kinds.</summary>
    public static IReadOnlyList<LayerKind> All { get; } =
    [
        new(["convolutional", "conv"], ConvolutionalLayer.Read),
        new(["connected", "conn"], ConnectedLayer.Read),
        new(["maxpool", "max"], MaxPoolLayer.Read),
        new(["local_avgpool", "local_avg"], LocalAveragePoolLayer.Read),
        new(["avgpool", "avg"], AveragePoolLayer.Read),
        new(["route"], RouteLayer.Read),
        new(["shortcut"], ShortcutLayer.Read),
        new(["scale_channels"], ScaleChannelsLayer.Read),
        new(["sam"], SamLayer.Read),
        new(["dropout"], DropoutLayer.Read),
        new(["softmax", "soft"], SoftmaxLayer.Read),
        new(["cost"], CostLayer.Read),
        new(["crop"], CropLayer.Read),
        new(["local"], LocalLayer.Read),
        new(["normalization", "lrn"], NormalizationLayer.Read),
        new(["batchnorm"], BatchNormLayer.Read),
        new(["activation"], ActivationLayer.Read),
        new(["upsample"], UpsampleLayer.Read),
        new(["reorg"], ReorgLayer.Read),
        new(["reorg3d"], Reorg3dLayer.Read),
        new(["implicit"], ImplicitLayer.Read),
        new(["empty", "silence"], EmptyLayer.Read),
    ];

    private static readonly Dictionary<string, LayerKind> s_byName =
        All.SelectMany(kind => kind.Names.Select(name => (name, kind))).ToDictionary(entry => entry.name, entry => entry.kind, StringComparer.Ordinal);

    /// <summary>What Darknet has for other tasks than classes of images, and the command that takes it there.</summary>
    private static readonly Dictionary<string, string> s_others = new(StringComparer.Ordinal)
    {
        ["yolo"] = Detector, ["Gaussian_yolo"] = Detector, ["region"] = Detector, ["detection"] = "boxes of objects (darknet yolo)",
        ["rnn"] = Sequences, ["gru"] = Sequences, ["lstm"] = Sequences, ["crnn"] = Sequences, ["conv_lstm"] = "films (darknet detector)",
        ["history"] = "films (darknet detector)", ["contrastive"] = "pairs of images, or following objects in films (darknet detector)",
        ["iseg"] = "outlines of objects (pjreddie's darknet iseg)", ["deconvolutional"] = "making images (pjreddie's darknet)",
        ["deconv"] = "making images (pjreddie's darknet)", ["l2norm"] = "comparing images (pjreddie's darknet)",
        ["logistic"] = "several labels of an image (pjreddie's darknet)",
    };

    private const string Detector = "boxes of objects (darknet detector)";

    private const string Sequences = "sequences (darknet rnn)";

    /// <summary>The kind of a section.</summary>
    /// <exception cref="Formats.ModelFormatException">There is none; the message says what the section is for, or which was meant.</exception>
    internal static LayerKind Of(LayerContext at)
    {
        var name = at.Options.Section.Name;
        if (s_byName.TryGetValue(name, out var kind)) return kind;
        if (s_others.TryGetValue(name, out var task))
            throw at.Options.Wrong($"is for {task}; wanted a network for classes of images, which ends in [softmax] (darknet classifier)");
        throw at.Options.Wrong($"is no section of Darknet{NearestName.Hint(name, s_byName.Keys)}");
    }
}
