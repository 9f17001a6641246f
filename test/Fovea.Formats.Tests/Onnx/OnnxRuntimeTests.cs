using Fovea.Conformance;
using Fovea.Formats.Onnx;
using Fovea.Models.Building;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Formats.Tests.Onnx;

/// <summary>What a runtime that others wrote makes of our files.</summary>
public sealed class OnnxRuntimeTests
{
    private const double LogitsTolerance = 1e-4;

    public static TheoryData<string, bool> Models() => new(
        ("repvgg", false), ("repvgg", true), ("resnet20", false), ("resnet20", true), ("resnet18", false), ("resnet18", true));

    [Theory]
    [MemberData(nameof(Models))]
    public void Runtime_computes_the_same_logits_for_one_image_and_for_three(string name, bool deployed)
    {
        var options = new ModelOptions { Classes = 9, ImageSize = 32 };
        var (graph, weights) = OnnxModelTests.Form(name, options, deployed, batch: 1);
        var bytes = OnnxRoundTrip.Write(graph, weights);
        var images = new[] { OnnxRoundTrip.Images(TensorType.F32(1, 3, 32, 32)), OnnxRoundTrip.Images(TensorType.F32(3, 3, 32, 32), seed: 5) };
        foreach (var batch in images)
        {
            var expected = OnnxRoundTrip.Run(new Rebatch(batch.Shape.N).Apply(graph), weights, batch);
            Assert.InRange(RelativeError(expected, OnnxRuntime.Run(bytes, new() { ["input"] = batch })), 0, LogitsTolerance);
        }
    }

    [Fact]
    public void Runtime_takes_images_of_any_size_where_the_size_is_open()
    {
        var (graph, weights) = OnnxModelTests.Form("resnet20", new ModelOptions { Classes = 9, ImageSize = 32 }, deployed: true, batch: 1);
        var bytes = OnnxRoundTrip.Write(graph, weights, new OnnxWriteOptions { OpenImageSize = true });
        var images = OnnxRoundTrip.Images(TensorType.F32(2, 3, 45, 45));
        var larger = OnnxRoundTrip.Read(bytes, new OnnxReadOptions { Batch = 2, Height = 45, Width = 45 });
        var actual = OnnxRuntime.Run(bytes, new() { ["input"] = images });
        Assert.InRange(RelativeError(OnnxRoundTrip.Run(larger.Graph, larger.Weights, images), actual), 0, LogitsTolerance);
    }

    public static TheoryData<string> Cases() => [.. OnnxMapTests.Written().Select(@case => @case.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Runtime_computes_an_operation_as_its_definition_says(string name)
    {
        var @case = OpCatalogue.Find(name);
        var (graph, weights) = OnnxRoundTrip.OfCase(@case);
        var actual = OnnxRuntime.Run(OnnxRoundTrip.Write(graph, weights), []);
        var expected = OnnxRoundTrip.Run(graph, weights, new HostTensor(TensorType.F32(1, 1)));
        // Operands are of the order of 1, and sums of them may cancel.
        Assert.InRange(RelativeError(expected, actual, least: Math.Sqrt(expected.Length)), 0, Limit(@case.Tolerance));
    }

    /// <summary>What is wider than the tolerance of sums states why float32 itself is as far off, whoever computes.</summary>
    private static double Limit(Tolerance tolerance) => tolerance.Float32 > Tolerance.Sums.Float32 ? tolerance.Float32 : 1e-5;

    private static double RelativeError(float[] expected, float[] actual, double least = 0.01)
    {
        Assert.Equal(expected.Length, actual.Length);
        var (difference, size) = (0.0, 0.0);
        for (var i = 0; i < expected.Length; i++)
        {
            difference += Math.Pow(expected[i] - actual[i], 2);
            size += Math.Pow(expected[i], 2);
        }

        return Math.Sqrt(difference) / Math.Max(Math.Sqrt(size), least);
    }
}
