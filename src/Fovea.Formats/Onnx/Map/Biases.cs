using Fovea.Analysis;
using Fovea.Formats.Onnx.Nodes;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Formats.Onnx.Map;

/// <summary>The sums of a convolution or matrix product and a bias that ONNX has as one node.</summary>
internal sealed class Biases
{
    private readonly Dictionary<Node, Biased> _sums = [];
    private readonly HashSet<Node> _absorbed = [];

    internal Biases(Graph graph, BatchAxes axes)
    {
        foreach (var node in graph.Nodes)
        {
            if (node is not { Op: Add, Inputs: [var a, var b] } || (Match(node, a, b, axes) ?? Match(node, b, a, axes)) is not { } biased) continue;
            _sums.Add(node, biased);
            _absorbed.Add(biased.Product);
            if (biased.Reshape is { Result.UsedOnce: true } reshape) _absorbed.Add(reshape);
        }
    }

    /// <summary>Whether a node is part of another that is written.</summary>
    internal bool IsAbsorbed(Node node) => _absorbed.Contains(node);

    /// <summary>The product and bias that a node sums, or null.</summary>
    internal Biased? Of(Node node) => _sums.GetValueOrDefault(node);

    private static Biased? Match(Node sum, Value product, Value bias, BatchAxes axes)
    {
        if (!product.UsedOnce || product.Type != sum.Result.Type || axes[bias] is not null) return null;
        return product.Op switch
        {
            Conv2d when bias.Node is { Op: Reshape } reshape
                && bias.Shape == new Shape(1, product.Shape.C, 1, 1) && reshape.Inputs[0].Shape == new Shape(product.Shape.C) =>
                new(sum, product.Node, reshape.Inputs[0], reshape),
            MatMul when product.Shape.Rank == 2 && bias.Shape == new Shape(product.Shape[1]) => new(sum, product.Node, bias, null),
            _ => null,
        };
    }

    /// <summary>A sum of a product and a bias [C].</summary>
    internal sealed record Biased(Node Sum, Node Product, Value Bias, Node? Reshape)
    {
        internal void Write(OnnxWriter to)
        {
            if (Product.Op is Conv2d) Convolutions.Write(to, Product, Sum.Result, Bias);
            else Products.WriteGemm(to, Product, Sum.Result, Bias);
        }
    }
}
