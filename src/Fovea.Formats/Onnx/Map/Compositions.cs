using System.Globalization;
using Fovea.Formats.Onnx.Nodes;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Formats.Onnx.Map;

/// <summary>Operations that graphs compose of others.</summary>
internal static class Compositions
{
    private const double SeluAlpha = 1.67326319217681884765625;
    private const double SeluGamma = 1.05070102214813232421875;

    internal static ReadRow[] Reads { get; } =
    [
        new("Abs", node => node.Set(node.Value(0).Relu().Plus(node.Value(0).Times(-1).Relu()))),
        new("Elu", node => node.Set(Elu(node.Value(0), node.Number("alpha", 1)))),
        new("Selu", node => node.Set(Elu(node.Value(0), node.Number("alpha", SeluAlpha)).Times(node.Number("gamma", SeluGamma)))),
        new("PRelu", ReadSlopes),
        new("Pow", ReadPower, Tensors: 1),
        new("ImageScaler", ReadScaler),
        new("LRN", ReadNeighbours),
    ];

    /// <summary>x above 0, α·(eˣ − 1) below.</summary>
    private static Value Elu(Value x, double alpha) =>
        x.Relu().Plus(x.Graph.Add(new Exp(), x.Clip(double.NegativeInfinity, 0)).Affine(alpha, -alpha));

    // Before operator set 7 a slope for each channel is a vector.
    private static void ReadSlopes(OnnxNode node)
    {
        var (x, slope) = (node.Value(0), node.Value(1));
        if (slope.Shape.Rank == 1 && slope.Shape[0] > 1 && node.Opset < 7 && x.Shape.Rank > 2)
            slope = slope.Reshape(new Shape([slope.Shape[0], .. Enumerable.Repeat(1, x.Shape.Rank - 2)]));
        node.Set(x.Relu().Minus(slope.Times(x.Times(-1).Relu())));
    }

    private static void ReadPower(OnnxNode node)
    {
        var x = node.Value(0);
        node.Set(node.Number(1) switch
        {
            -1 => x.Graph.Add(new Reciprocal(), x),
            -0.5 => x.ReciprocalSqrt(),
            0.5 => x.Sqrt(),
            1 => x.Affine(1, 0),
            2 => x.Square(),
            3 => x.Square().Times(x),
            var power => throw node.Fail($"raises to the power {power?.ToString(CultureInfo.InvariantCulture) ?? "of a tensor"}; "
                + "wanted -1, -0.5, 0.5, 1, 2 or 3"),
        });
    }

    /// <summary>scale·x, and a number for each channel: of the first operator sets, in front of models of images.</summary>
    private static void ReadScaler(OnnxNode node)
    {
        var (x, bias) = (node.Value(0), node.Numbers("bias") ?? []);
        if (x.Shape.Rank != 4 || (bias.Length > 0 && bias.Length != x.Shape.C))
            throw node.Fail($"x is {x.Shape} and bias has {bias.Length} numbers; wanted [N, C, H, W] and one for each channel");
        x = x.Affine(node.Number("scale", 1), 0);
        node.Set(bias.Length == 0 ? x : x.PlusChannels(x.Graph.Constant(HostTensor.Of(new Shape(bias.Length), [.. bias.Select(number => (float)number)]))));
    }

    /// <summary>x/(bias + alpha/size · Σ x²)^beta, the sum over as many channels around each (Krizhevsky et al. 2012, section 3.3).</summary>
    private static void ReadNeighbours(OnnxNode node)
    {
        var (x, size) = (node.Value(0), node.Integer("size", 0));
        if (x.Shape.Rank != 4 || size < 1 || size > GraphLimits.Window)
            throw node.Fail($"x is {x.Shape} and size {size}; wanted [N, C, H, W], and 1 to {GraphLimits.Window} channels");
        var before = (int)(size - 1) / 2;
        var squares = x.Square().Pad(1, before, (int)size - 1 - before);
        var sum = squares.Slice(1, 0, x.Shape.C);
        for (var i = 1; i < size; i++) sum = sum.Plus(squares.Slice(1, i, x.Shape.C));
        var scale = sum.Affine(node.Number("alpha", 1e-4) / size, node.Number("bias", 1));
        node.Set(x.Times(x.Graph.Add(new Exp(), x.Graph.Add(new Log(), scale).Times(-node.Number("beta", 0.75)))));
    }
}
