using Fovea.Backends.OneDnn;
using Fovea.Formats.Artefact;
using Fovea.Formats.Onnx;
using Fovea.Passes;
using Fovea.Tensors;
using Fovea.Training.Deploying;

namespace Fovea.Package.Tests;

/// <summary>From trained weights to files that are proven, on the backend that users have.</summary>
public sealed class ShippingTests
{
    [Theory]
    [InlineData("repvgg", 6)]
    [InlineData("resnet20", 19)]
    [InlineData("resnet18", 20)]
    public void Folded_model_is_proven_block_by_block_written_and_exported(string name, int blocks)
    {
        using var folder = new TemporaryFolder();
        var graph = ShippedModels.Graph(name, batch: 3);
        var weights = ShippedModels.Weights(graph);
        var form = Deploy.Fold(graph, weights);
        var backend = new OneDnnBackend();
        var proof = DeployProof.Run(form, weights, backend, [Images(3, 0), Images(2, 1)]);
        Assert.True(proof.Passed, proof.ToJson());
        Assert.Equal((5, blocks), (proof.Images, proof.Blocks.Count));
        Assert.InRange(proof.Logits.Relative, 1e-12, 1e-5);

        var model = ShippedModels.Model(name) with { Graph = form.Graph, Weights = form.Weights, Proof = proof };
        FoveaFile.Write(folder.Path("m.fovea"), model);
        var parity = OnnxExport.Write(folder.Path("m.onnx"), FoveaFile.Read(folder.Path("m.fovea")), backend);
        Assert.True(parity.Passed);
        Assert.Equal(model.Card, OnnxFile.Read(folder.Path("m.onnx")).Card);
    }

    private static float[] Images(int count, ulong stream)
    {
        var (draws, images) = (new Philox(6, stream), new float[count * 3 * ShippedModels.Size * ShippedModels.Size]);
        for (var i = 0; i < images.Length; i++) images[i] = (float)((2 * draws.Uniform((ulong)i)) - 1);
        return images;
    }
}
