using Fovea.Options;
using Fovea.Training.Initializers;

namespace Fovea.Training.Recipes;

/// <summary>Which model is trained, and what it starts from.</summary>
public sealed record ModelChoice : IOptions
{
    /// <summary>The model where nothing says another.</summary>
    public const string UsualName = "resnet18";

    /// <summary>
    /// The name in the catalogue (<c>fovea models</c> lists it). Left out (null, the default): resnet18, unless <c>source</c> says the model.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>
    /// In place of a name: a file that <c>fovea deploy</c> wrote (.fovea), an ONNX file (.onnx), a Darknet cfg (.cfg) or the folder of a run. Training starts
    /// from its graph and its weights, which of a cfg are those that <c>weights</c> names, or new; a classifier of other classes is replaced by a new one.
    /// Empty, the default, for a model by name.
    /// </summary>
    public string Source { get; init; } = "";

    /// <summary>
    /// For a source that is an ONNX file: another one that makes its input from images. Empty, the default, for one that stands beside it, as in ML.NET's
    /// packages, or for none.
    /// </summary>
    public string Preprocess { get; init; } = "";

    /// <summary>The rate of dropout in front of the classifier; at least 0, below 1. Left out (null, the default): that of the published weights.</summary>
    public double? DropRate { get; init; }

    /// <summary>The rate of drop-path in the last block; at least 0, below 1. Left out (null, the default): that of the published weights.</summary>
    public double? DropPathRate { get; init; }

    /// <summary>Blocks of each of the four stages, 1–1000; only for free forms: <c>repvgg</c>, <c>repoptvgg_hs</c> and its like. Default none.</summary>
    public IReadOnlyList<int> NumBlocks { get; init; } = [];

    /// <summary>
    /// The widths of the four stages as multiples of 64, 128, 256 and 512 channels, 0.01–64; only for free forms: <c>repvgg</c>, <c>repoptvgg_hs</c> and its
    /// like. Default none.
    /// </summary>
    public IReadOnlyList<double> WidthMultiplier { get; init; } = [];

    /// <summary>Layers, for a model of free depth, as <c>cifar_wideresnet</c> (6n + 4), at most 10 000; 0, the default, for those of the catalogue.</summary>
    public int Depth { get; init; }

    /// <summary>
    /// The factor on the channels of every stage, for a model of free width, as <c>cifar_wideresnet</c>, at most 1024; 0, the default, for the catalogue's.
    /// </summary>
    public int WidthFactor { get; init; }

    /// <summary>A file of weights to start from; empty, the default, for random ones.</summary>
    public string Weights { get; init; } = "";

    /// <summary>
    /// The part of that file to read, where it has several: keys with dots between them, as <c>state_dict_ema</c> or <c>ema.model</c>, or how the names
    /// of the tensors begin. Empty, the default, for the usual one.
    /// </summary>
    public string WeightsKey { get; init; } = "";

    /// <summary>
    /// Published weights to start from, fetched once into the cache: their name, as <c>resnet18.a1_in1k</c> (<c>fovea weights list</c> lists them), or
    /// <c>default</c> for those of the model. They say which model it is and how images reach it, where nothing else does; a classifier of other classes
    /// is replaced by a new one. Empty, the default, for none.
    /// </summary>
    public string Pretrained { get; init; } = "";

    /// <summary>Whether the last layer keeps its random weights, because those of the file, or of the source, are of other classes. Default false.</summary>
    public bool SkipClassifier { get; init; }

    /// <summary>
    /// Whether the first filters of the first convolution are set so that they whiten patches of 5 000 training images, as in airbench
    /// (arXiv:2404.00498), of the size with which a run begins; not beside weights. Default false.
    /// </summary>
    public bool Whiten { get; init; }

    /// <summary>
    /// How parameters start that no weights are loaded for: rules in their order, as in <c>[{kind: kaiming_normal, mode: fan_out}, zero_gamma]</c>. Default
    /// none: as the model's authors have it.
    /// </summary>
    public IReadOnlyList<InitOptions> Init { get; init; } = [];

    /// <summary>What the model is called where it is shown: its name, or where it comes from.</summary>
    public string Title => Name ?? (Source.Length > 0 ? Source : Pretrained.Length > 0 ? Pretrained : UsualName);

    /// <inheritdoc/>
    public void Check(OptionChecks checks)
    {
        if (Name is { Length: 0 }) checks.Fail(nameof(Name), "''", "the name of a model");
        if (Source.Length > 0) CheckSource(checks);
        for (var i = 0; i < Init.Count; i++) Init[i].Check(checks.In(FormattableString.Invariant($"init[{i}]")));
        if (DropRate is { } dropRate) checks.Below(dropRate, 0, 1, nameof(DropRate));
        if (DropPathRate is { } pathRate) checks.Below(pathRate, 0, 1, nameof(DropPathRate));
        checks.Each(NumBlocks.Select(n => (double)n), 4, 1, 1000, "four whole numbers from 1 to 1000", nameof(NumBlocks));
        checks.Each(WidthMultiplier, 4, 0.01, 64, "four numbers from 0.01 to 64");
        checks.AtLeast(Depth, 0, 10_000);
        checks.AtLeast(WidthFactor, 0, 1024);
        if (Preprocess.Length > 0 && Source.Length == 0) checks.Fail(nameof(Preprocess), $"'{Preprocess}' without source", "none, or an ONNX file in source");
        if (WeightsKey.Length > 0 && Weights.Length == 0) checks.Fail(nameof(WeightsKey), $"'{WeightsKey}' without weights", "none, or a file in weights");
        if (Pretrained.Length > 0 && Weights.Length > 0) checks.Fail(nameof(Pretrained), $"'{Pretrained}' beside weights", "either of them");
        if (Whiten && (Weights.Length > 0 || Pretrained.Length > 0)) checks.Fail(nameof(Whiten), "true beside weights", "false, or no weights");
        if (SkipClassifier && Weights.Length == 0 && Pretrained.Length == 0 && Source.Length == 0)
            checks.Fail(nameof(SkipClassifier), "true without weights", "false, or a file in weights");
    }

    /// <summary>A source says all of its model.</summary>
    private void CheckSource(OptionChecks checks)
    {
        void Refuse(bool isGiven, string name, string value)
        {
            if (isGiven) checks.Fail(name, $"{value} beside source", "either of them");
        }

        Refuse(Name is not null, nameof(Name), $"'{Name}'");
        Refuse(Weights.Length > 0 && !Source.EndsWith(".cfg", StringComparison.OrdinalIgnoreCase), nameof(Weights), $"'{Weights}'");
        Refuse(Pretrained.Length > 0, nameof(Pretrained), $"'{Pretrained}'");
        Refuse(DropRate is not null, nameof(DropRate), "a rate");
        Refuse(DropPathRate is not null, nameof(DropPathRate), "a rate");
        Refuse(NumBlocks.Count > 0, nameof(NumBlocks), "a list");
        Refuse(WidthMultiplier.Count > 0, nameof(WidthMultiplier), "a list");
        Refuse(Depth > 0, nameof(Depth), "a number");
        Refuse(WidthFactor > 0, nameof(WidthFactor), "a number");
        Refuse(Whiten, nameof(Whiten), "true");
    }
}
