using Fovea.Formats.Onnx;
using Fovea.Models;
using Fovea.Models.Building;
using Fovea.Tensors;

namespace Fovea.Formats.Tests.Onnx;

public sealed class OnnxAttentionTests
{
    /// <summary>At these sizes windows shift and are padded, images are resized for patches, and positions are more than one.</summary>
    [Theory]
    [InlineData("vit_tiny_patch16_224", 32)]
    [InlineData("swin_tiny_patch4_window7_224", 32)]
    [InlineData("mobilevit_xxs", 40)]
    [InlineData("coatnet_rmlp_nano_rw_224", 32)]
    [InlineData("convnext_atto", 32)]
    [InlineData("cifar_mobilevit_xxs", 16)]
    public void Model_that_is_read_back_for_two_images_computes_the_same(string name, int size)
    {
        var options = new ModelOptions { ImageSize = size, Classes = 5 };
        var graph = ModelCatalog.Build(name, options);
        var weights = OnnxRoundTrip.Weights(graph);
        var back = OnnxRoundTrip.Read(OnnxRoundTrip.Write(graph, weights), new OnnxReadOptions { Batch = 2 });
        var images = OnnxRoundTrip.Images(TensorType.F32(2, 3, size, size));
        var (expected, actual) = (
            OnnxRoundTrip.Run(ModelCatalog.Build(name, options, batch: 2), weights, images), OnnxRoundTrip.Run(back.Graph, back.Weights, images));
        Assert.Equal(10, actual.Length);
        var largest = expected.Max(Math.Abs);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-5 * largest);
    }
}
