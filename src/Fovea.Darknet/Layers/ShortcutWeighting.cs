using Fovea.Darknet.Cfg;
using Fovea.Graphs;
using Fovea.Naming;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Darknet.Layers;

/// <summary>The trained weights of the terms of a sum, in the terms of Darknet's <c>weights_type</c> and <c>weights_normalization</c>.</summary>
/// <param name="Type">0 for none, 1 for one of each term, 2 for one of each channel of each term.</param>
/// <param name="Normalisation">0 for none, 1 for shares of what is above 0, 2 for a softmax over the terms.</param>
internal sealed record ShortcutWeighting(int Type, int Normalisation)
{
    /// <summary>Added to the sum that weights are divided by.</summary>
    private const double Epsilon = 1e-4;

    private static readonly Dictionary<string, int> s_types =
        new(StringComparer.Ordinal) { ["none"] = 0, ["per_feature"] = 1, ["per_layer"] = 1, ["per_channel"] = 2 };

    private static readonly Dictionary<string, int> s_normalisations =
        new(StringComparer.Ordinal) { ["none"] = 0, ["relu"] = 1, ["avg_relu"] = 1, ["softmax"] = 2 };

    internal static ShortcutWeighting Read(CfgOptions options) =>
        new(Choice(options, "weights_type", s_types), Choice(options, "weights_normalization", s_normalisations));

    /// <summary>[terms] or [terms, channels]; null where there are none.</summary>
    internal LayerTensor? Tensor(int layer, int terms, int channels) => Type switch
    {
        0 => null,
        1 => new(layer, "weights", new(terms), Initializer.Ones),
        _ => new(layer, "weights", new(terms, channels), Initializer.Ones),
    };

    /// <summary>The factor of each term, [1, 1 or C, 1, 1].</summary>
    internal IEnumerable<Value> Factors(Value weights)
    {
        var (terms, each) = (weights.Shape[0], (int)(weights.Shape.Elements / weights.Shape[0]));
        var all = Normalised(weights.Reshape(new Shape(terms, each)));
        for (var i = 0; i < terms; i++) yield return all.Slice(0, i, 1).Reshape(new Shape(1, each, 1, 1));
    }

    private Value Normalised(Value weights)
    {
        if (Normalisation == 0) return weights;
        var line = new Shape(1, weights.Shape[1]);
        var shares = Normalisation == 1 ? weights.Relu() : weights.Minus(weights.Max(0).Reshape(line)).Exp();
        return shares.Over(shares.Sum(0).Reshape(line).Plus(Epsilon));
    }

    private static int Choice(CfgOptions options, string key, Dictionary<string, int> choices) =>
        options.Word(key, "none") is var word && choices.TryGetValue(word, out var choice)
            ? choice
            : throw options.Wrong(key, $"is '{Printable.Short(word, 40)}'; wanted {string.Join(", ", choices.Keys)}{NearestName.Hint(word, choices.Keys)}");
}
