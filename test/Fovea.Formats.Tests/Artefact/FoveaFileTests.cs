using Fovea.Formats.Artefact;
using Fovea.Formats.Safetensors;
using Fovea.Formats.Tests.Onnx;
using Fovea.Formats.Weights;
using Fovea.Graphs;
using Fovea.Images;
using Fovea.Models.Building;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Formats.Tests.Artefact;

public sealed class FoveaFileTests
{
    private const int Rounds = 1500;

    private static readonly Proof s_proof = new()
    {
        Backend = "oneDNN 3.7.2",
        Images = 64,
        Tolerance = 1e-4,
        Logits = new(1.5e-6, 2.25e-7),
        ChangedTop1 = 1,
        Blocks = [new("stem", new(1e-6, 1e-7)), new("stages.0.0", new(2e-6, 3e-7))],
    };

    [Theory]
    [InlineData("repvgg", true)]
    [InlineData("resnet20", true)]
    [InlineData("resnet18", false)]
    public void Model_is_the_same_after_a_file_and_back(string name, bool deployed)
    {
        using var folder = new TemporaryFolder();
        var model = Model(name, deployed, batch: 3) with { Proof = s_proof };
        FoveaFile.Write(folder.Path("m.fovea"), model);
        var back = FoveaFile.Read(folder.Path("m.fovea"));
        Assert.Equal(model.Card, back.Card);
        Assert.Equal("0.1.0", back.ToolVersion);
        Assert.Equal(s_proof.ToJson(), back.Proof!.ToJson());
        Assert.Equal(model.GraphFor(1).ToString(), back.Graph.ToString());
        Assert.Equal(model.Graph.ToString(), back.GraphFor(3).ToString());
        Assert.Equal(model.Weights.Keys, back.Weights.Keys);
        foreach (var (label, tensor) in back.Weights) Assert.True(tensor.Bytes.SequenceEqual(model.Weights[label].Bytes), label);
    }

    [Fact]
    public void Weights_are_found_by_any_reader_of_safetensors()
    {
        using var folder = new TemporaryFolder();
        FoveaFile.Write(folder.Path("m.fovea"), Small());
        Assert.Equal(["fc.weight", "fc.bias"], WeightFile.Read(folder.Path("m.fovea")).Tensors.Select(entry => entry.Name));
    }

    [Fact]
    public void Proof_is_the_same_json_as_ever() => Assert.Equal(
        "{\"backend\":\"größe\",\"images\":3,\"tolerance\":0.5,\"passed\":false,\"logits\":{\"largest_difference\":1,\"relative_error\":null},"
            + "\"changed_top1\":1,\"blocks\":[{\"path\":\"a.0\",\"largest_difference\":0.25,\"relative_error\":0.125}]}",
        new Proof
        {
            Backend = "größe",
            Images = 3,
            Tolerance = 0.5,
            Logits = new(1, double.NaN),
            ChangedTop1 = 1,
            Blocks = [new("a.0", new(0.25, 0.125))],
        }.ToJson());

    [Theory]
    [InlineData("\"images\":", "\"images\":1,\"images\":")]
    [InlineData("\"images\":", "\"Images\":")]
    [InlineData("\"images\":", "\"more\":1,\"images\":")]
    [InlineData("\"changed_top1\":1,", "")]
    [InlineData("\"backend\":\"", "\"backend\":null,\"x\":\"")]
    [InlineData("\"blocks\":", "\"blocks\":[[[[[[[[[[]]]]]]]]]],\"x\":")]
    [InlineData("}", "")]
    public void Proof_with_members_too_many_too_few_or_twice_is_refused(string part, string instead)
    {
        var text = s_proof.ToJson();
        Assert.Contains(part, text, StringComparison.Ordinal);
        var failure = Assert.Throws<FormatException>(() => Proof.FromJson(text.Replace(part, instead, StringComparison.Ordinal)));
        Assert.StartsWith("the proof cannot be read: ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Proof_says_the_same_after_json_and_back()
    {
        Assert.Equal(s_proof.ToJson(), Proof.FromJson(s_proof.ToJson()).ToJson());
        Assert.Equal(("stages.0.0", true), (s_proof.Worst!.Path, s_proof.Passed));
    }

    [Fact]
    public void Proof_fails_above_the_tolerance_without_images_and_where_a_difference_is_no_number()
    {
        Assert.False((s_proof with { Images = 0 }).Passed);
        Assert.False((s_proof with { Logits = new(1, 2e-4) }).Passed);
        Assert.False((s_proof with { Logits = new(double.NaN, double.NaN) }).Passed);
        var broken = s_proof with { Blocks = [.. s_proof.Blocks, new("stages.0.1", new(double.NaN, double.NaN))] };
        Assert.Equal((false, "stages.0.1"), (broken.Passed, broken.Worst!.Path));
        Assert.Equal(broken.ToJson(), Proof.FromJson(broken.ToJson()).ToJson());
        using var folder = new TemporaryFolder();
        var failure = Assert.Throws<ModelFormatException>(() => FoveaFile.Write(folder.Path("m.fovea"), Small() with { Proof = broken }));
        Assert.Contains(
            "proof: has failed: relative error 2.25e-07 of the logits, NaN of the worst block (stages.0.1), on 64 images; wanted at most 0.0001",
            failure.Message, StringComparison.Ordinal);
        Assert.Empty(folder.Names);
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        var good = Bytes(Small());
        for (var length = 0; length < good.Length; length++) Assert.True(Fails(good[..length]), $"{length} of {good.Length} bytes were accepted");
    }

    [Fact]
    public void Every_changed_byte_is_refused()
    {
        var good = Bytes(Small());
        var header = 8 + (int)BitConverter.ToInt64(good);
        for (var at = 0; at < good.Length; at++)
        {
            var bad = (byte[])good.Clone();
            bad[at] ^= 1;
            var isPadding = at < header && good[at] == ' ' && good.AsSpan(at, header - at).IndexOfAnyExcept((byte)' ') < 0;
            if (!isPadding) Assert.True(Fails(bad), $"byte {at} of {good.Length}");
        }
    }

    [Fact]
    public void Damaged_file_throws_nothing_but_ModelFormatException()
    {
        var good = Bytes(Small());
        for (var round = 0; round < Rounds; round++) Fails(FuzzTests.Damage(good, new Philox(seed: 11, stream: (ulong)round)));
    }

    [Fact]
    public void File_of_another_kind_is_refused_by_what_it_is()
    {
        Refused("holds weights, but no model; wanted a file that 'fovea deploy' wrote");
        Refused("is of the kind 'model 2'; wanted 'model 1'", ("fovea.kind", "model 2"));
        Refused("is of the kind 'checkpoint 1'; wanted 'model 1'; 'fovea deploy' makes a model of a run", ("fovea.kind", "checkpoint 1"));
        Refused("is damaged: its content does not have the SHA-256", ("fovea.kind", "model 1"));
    }

    [Fact]
    public void Parts_that_do_not_fit_each_other_are_not_written()
    {
        var model = Small();
        NotWritten(model with { Card = model.Card with { Classes = ["a", "b", "c"] } }, "graph: computes f32[1, 2]; 3 classes want f32[1, 3]");
        NotWritten(model with { Card = model.Card with { Classes = ["a", "a"] } }, "classes: hold a name twice");
        NotWritten(
            model with { Card = model.Card with { Input = model.Card.Input with { Fit = Fit.Stretch, Width = 5 } } },
            "graph: takes f32[1, 3, 4, 4]; the preprocessing makes f32[1, 3, 4, 5]");
        NotWritten(
            model with { Card = model.Card with { Input = model.Card.Input with { Std = [1, 0, 1] } } },
            "preprocessing: std is [1, 0, 1]; wanted fractions of white, 0.001 to 2");
        NotWritten(model with { Card = model.Card with { Input = model.Card.Input with { Interpolation = (Interpolation)7 } } }, "interpolation is 7");
        NotWritten(model with { Weights = new Dictionary<string, HostTensor>() }, "fc.weight: the weight is missing; wanted f32[2, 48]");
        NotWritten(
            model with { Weights = new Dictionary<string, HostTensor>(model.Weights) { ["fc.bias"] = HostTensor.Filled(new Shape(3), 0) } },
            "fc.bias: the weight is f32[3]; the graph wants f32[2]");
        var other = new Graph("other");
        other.Output("y", other.Input("x", TensorType.F32(1, 3, 4, 4)));
        NotWritten(model with { Graph = other }, "graph: has no input 'input'");
    }

    private static void NotWritten(FoveaModel model, string message)
    {
        using var folder = new TemporaryFolder();
        Assert.Contains(message, Assert.Throws<ModelFormatException>(() => FoveaFile.Write(folder.Path("m.fovea"), model)).Message, StringComparison.Ordinal);
        Assert.Empty(folder.Names);
    }

    private static void Refused(string message, params (string Key, string Value)[] metadata)
    {
        using var stream = new MemoryStream();
        SafetensorsFile.Write(stream, [("w", HostTensor.Filled(new Shape(2), 1))], metadata.ToDictionary(entry => entry.Key, entry => entry.Value));
        Assert.Equal($"m.fovea: {message}", Assert.Throws<ModelFormatException>(() => FoveaFile.Read(stream, "m.fovea")).Message[..(9 + message.Length)]);
    }

    private static bool Fails(byte[] bytes)
    {
        try
        {
            FoveaFile.Read(new MemoryStream(bytes), "m.fovea");
            return false;
        }
        catch (ModelFormatException)
        {
            return true;
        }
    }

    private static byte[] Bytes(FoveaModel model)
    {
        using var folder = new TemporaryFolder();
        FoveaFile.Write(folder.Path("m.fovea"), model);
        return File.ReadAllBytes(folder.Path("m.fovea"));
    }

    private static FoveaModel Small()
    {
        var graph = new Graph("small");
        var x = graph.Input("input", TensorType.F32(1, 3, 4, 4)).Relu().Flatten();
        var y = x.MatMul(
            graph.Parameter("fc.weight", new Shape(2, 48), Initializer.FanInUniform),
            transposeB: true).Plus(graph.Parameter("fc.bias", new Shape(2), Initializer.Zeros));
        graph.Output("logits", y);
        return new() { Card = Card(2, 4), Graph = graph, Weights = OnnxRoundTrip.Weights(graph) };
    }

    private static FoveaModel Model(string name, bool deployed, int batch)
    {
        var (graph, weights) = OnnxModelTests.Form(name, new ModelOptions { Classes = 7, ImageSize = 33 }, deployed, batch);
        return new() { Card = Card(7, 33), Graph = graph, Weights = weights };
    }

    private static ModelCard Card(int classes, int size) => new()
    {
        Model = "m",
        Classes = [.. Enumerable.Range(0, classes).Select(i => $"Straße \"{i}\"")],
        Input = new() { Width = size, Height = size, CropFraction = 0.85 },
        Split = new(0.15, ulong.MaxValue),
    };
}
