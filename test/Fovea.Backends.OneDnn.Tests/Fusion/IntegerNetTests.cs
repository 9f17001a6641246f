using Fovea.Backends.OneDnn.Fusion;
using Fovea.Backends.OneDnn.Kernels;
using Fovea.Backends.OneDnn.Tests.Interop;
using Fovea.Backends.OneDnn.Tests.Planning;
using Fovea.Graphs;
using Fovea.Passes;
using Fovea.Quantization;

namespace Fovea.Backends.OneDnn.Tests.Fusion;

/// <summary>Whole nets in integers: what stays of the conversions between them. The last sum is averaged, and stays in fractions.</summary>
public sealed class IntegerNetTests
{
    [Theory]
    [InlineData("repvgg_a0", 22, 0)]
    [InlineData("resnet18", 20, 7)]
    [InlineData("resnet50", 53, 15)]
    public void Integers_go_from_end_to_end(string model, int products, int sums)
    {
        var graph = Deploy.Structure(Steps.Model(model, 1, 64));
        var ops = PlanCompiler.Fuse(new HoldIntegers(Everywhere(graph)).Apply(graph), new Precisions(Workbench.Api)).Nodes.Select(node => node.Op).ToList();
        if (!Workbench.Api.HasWideSums) return;
        Assert.DoesNotContain(ops, op => op is FusedConv2d);
        Assert.Equal(products, ops.Count(op => op is IntegerConv2d));
        Assert.Equal(sums, ops.OfType<IntegerConv2d>().Count(conv => conv.Sum is not null));
    }

    private static QuantizationScheme Everywhere(Graph graph)
    {
        var points = QuantizationPoints.Of(graph);
        return new(
            points.Activations.ToDictionary(point => point.Name, _ => TensorQuantization.Asymmetric(-1, 1)),
            points.Products.ToDictionary(product => product.Name, product => TensorQuantization.OfWeights(new double[product.Node.Inputs[1].Shape[0]], 127, 0)));
    }
}
