using System.Globalization;
using System.Text;
using Fovea.Darknet;
using Fovea.Darknet.Cfg;
using Fovea.Formats;

namespace Fovea.Hostile.Subjects;

/// <summary>Darknet's cfg files: sections that follow each other, with keys that belong to them and some that do not.</summary>
public sealed class DarknetCfgs : Subject
{
    private static readonly string[] s_activations = ["linear", "leaky", "mish", "relu", "stair", "normalize_channels", "logistic", "swish"];

    private static readonly (string Name, string[] Keys)[] s_sections =
    [
        ("convolutional", ["filters", "size", "stride", "pad", "padding", "groups", "dilation", "batch_normalize", "xnor", "antialiasing", "share_index", "stride_x"]),
        ("maxpool", ["size", "stride", "padding", "maxpool_depth", "out_channels", "stride_y", "antialiasing"]), ("local_avgpool", ["size", "stride", "padding"]),
        ("route", ["layers", "groups", "group_id"]), ("shortcut", ["from", "weights_type", "weights_normalization"]), ("avgpool", []),
        ("scale_channels", ["from", "scale_wh"]), ("sam", ["from"]), ("dropout", ["probability"]), ("softmax", ["groups", "temperature"]), ("cost", ["type"]),
        ("connected", ["output", "batch_normalize"]), ("crop", ["crop_height", "crop_width"]), ("local", ["filters", "size", "stride", "pad"]),
        ("normalization", ["size", "alpha"]), ("batchnorm", []), ("activation", []), ("upsample", ["stride"]), ("reorg", ["stride", "reverse"]),
        ("reorg3d", ["stride", "reverse"]), ("implicit", ["filters", "atoms"]), ("empty", []),
    ];

    /// <inheritdoc/>
    public override string Name => "cfg";

    /// <inheritdoc/>
    public override byte[] Make(Choices choices) => Encoding.UTF8.GetBytes(Text(choices));

    /// <inheritdoc/>
    public override void Read(byte[] file)
    {
        var network = DarknetNetwork.Of(CfgFile.Parse(Encoding.UTF8.GetString(file), "hostile.cfg"));
        LayerTable.Of(network);
        if (CfgFile.Parse(network.Cfg.ToText(), "again.cfg") != network.Cfg) throw new InvalidOperationException("what was written reads as something else");
        DarknetGraph.Build(network, 1);
    }

    /// <inheritdoc/>
    public override bool Refuses(Exception failure) => failure is ModelFormatException;

    /// <summary>A network within limits that stands at the end, for its weights.</summary>
    internal static string Text(Choices choices)
    {
        var text = new StringBuilder(choices.OneIn(40) ? "[conv]\n" : "[net]\n");
        foreach (var key in new[] { "width", "height", "channels" }) text.Append(key).Append('=').Append(Number(choices, choices.Of(4, 8, 16))).Append('\n');
        if (choices.OneIn(20)) text.Append("policy=").Append(choices.Of("steps", "poly", choices.Name("p"))).Append('\n');
        for (var i = choices.OneIn(300) ? 20_000 : choices.Between(1, 7); i > 0; i--) Section(text, choices);
        if (choices.OneIn(60)) text.Length -= choices.Between(1, Math.Min(12, text.Length));
        return text.ToString();
    }

    private static void Section(StringBuilder text, Choices choices)
    {
        var (name, keys) = choices.OneIn(3) ? s_sections[0] : choices.Of(s_sections);
        text.Append('[').Append(choices.OneIn(80) ? choices.Name("yolo") : name).Append(choices.OneIn(100) ? "\n" : "]\n");
        foreach (var key in keys)
            if (key is "layers" or "from" || choices.OneIn(key == "share_index" ? 20 : 2)) text.Append(key).Append(choices.OneIn(100) ? "" : "=").Append(Value(choices, key)).Append(choices.OneIn(50) ? "#4\n" : "\n");
        if (choices.OneIn(3)) text.Append("activation=").Append(choices.OneIn(40) ? choices.Name("a") : choices.Of(s_activations)).Append('\n');
        if (choices.OneIn(60)) text.Append("dontload=1\nfilters=2\n\0");
    }

    private static string Value(Choices choices, string key) => key switch
    {
        "layers" or "from" => string.Join(',', Enumerable.Range(0, choices.Between(1, 3)).Select(_ => Number(choices, choices.Between(-3, -1)))),
        "weights_type" => choices.Of("none", "per_feature", "per_channel", "per"),
        "weights_normalization" => choices.Of("none", "relu", "softmax"),
        "type" => choices.Of("sse", "masked", "mse"),
        "probability" or "alpha" or "temperature" => choices.Of("0.5", "1", "1e-30", "-3", "nan", ".1"),
        "filters" or "output" => Number(choices, choices.Of(2, 4, 8)),
        "share_index" => Number(choices, choices.Between(-3, -1)),
        "antialiasing" or "pad" or "reverse" or "scale_wh" or "xnor" or "batch_normalize" or "maxpool_depth" or "group_id" => Number(choices, choices.Between(0, 1)),
        _ => Number(choices, choices.Between(1, 3)),
    };

    private static string Number(Choices choices, long usual) => (choices.OneIn(40) ? choices.Number() : usual).ToString(CultureInfo.InvariantCulture);
}
