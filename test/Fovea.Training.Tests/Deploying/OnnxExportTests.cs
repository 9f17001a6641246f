using System.Text.Json;
using Fovea.Execution;
using Fovea.Formats;
using Fovea.Formats.Artefact;
using Fovea.Formats.Onnx;
using Fovea.Passes;
using Fovea.Training.Deploying;

namespace Fovea.Training.Tests.Deploying;

public sealed class OnnxExportTests
{
    [Fact]
    public void File_that_computes_the_same_is_written_with_its_figures_and_card()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Path("m.onnx");
        var model = Model();
        var parity = OnnxExport.Write(path, model, new ReferenceBackend(), new OnnxExportOptions { Images = 3 });
        Assert.True(parity.Passed);
        Assert.Equal(("reference", 3, 0, 0.0), (parity.Backend, parity.Images, parity.ChangedTop1, parity.Logits.Largest));
        var back = OnnxFile.Read(path);
        Assert.Equal(model.Card, back.Card);
        using var figures = JsonDocument.Parse(back.Metadata["fovea.parity"]);
        Assert.Equal(
            (3, 1e-5, 0.0),
            (
                figures.RootElement.GetProperty("images").GetInt32(), figures.RootElement.GetProperty("tolerance").GetDouble(),
                figures.RootElement.GetProperty("relative_error").GetDouble()));
        Assert.Equal([path], Directory.GetFiles(folder.Root));
    }

    [Fact]
    public void File_that_computes_something_else_is_not_left_behind()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Path("m.onnx");
        File.WriteAllText(path, "what was there before");
        var parity = OnnxExport.Write(path, Model(), new SkewedBackend());
        Assert.False(parity.Passed);
        Assert.InRange(parity.Logits.Relative, 1e-3, 100);
        Assert.Equal("what was there before", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(folder.Root));
    }

    [Fact]
    public void Size_can_be_left_open()
    {
        using var folder = new TemporaryFolder();
        Assert.True(OnnxExport.Write(folder.Path("m.onnx"), Model(), new ReferenceBackend(), new OnnxExportOptions { OpenImageSize = true }).Passed);
        Assert.Contains(
            "leaves axis 2 open", Assert.Throws<ModelFormatException>(() => OnnxFile.Read(folder.Path("m.onnx"))).Message, StringComparison.Ordinal);
    }

    private static FoveaModel Model()
    {
        var weights = TinyWeights.Of(TinyModel.Net(1));
        var form = Deploy.Fold(TinyModel.Net(1), weights);
        var card = new ModelCard { Model = "tiny", Classes = ["a", "b", "c"], Input = new() { Width = 6, Height = 6 } };
        return new() { Card = card, Graph = form.Graph, Weights = form.Weights };
    }
}
