using Fovea.Formats.Onnx.Nodes;
using Fovea.Formats.Onnx.Proto;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;
using Google.Protobuf;

namespace Fovea.Formats.Tests.Onnx;

public sealed class OnnxFuzzTests
{
    private const int Rounds = 1500;
    private const long Slack = 4 << 20;

    [Fact]
    public void Damaged_file_throws_nothing_but_ModelFormatException()
    {
        var good = Small().ToByteArray();
        OnnxRoundTrip.Read(good);
        var failures = 0;
        for (var round = 0; round < Rounds; round++)
            if (Fails(FuzzTests.Damage(good, new Philox(seed: 9, stream: (ulong)round)))) failures++;
        Assert.True(failures > Rounds / 10, $"only {failures} of {Rounds} damaged files were refused");
    }

    /// <summary>A model with little data, so that damage mostly meets the structure.</summary>
    private static ModelProto Small()
    {
        var graph = new Graph("small");
        graph.Output("logits", graph.Input("input", TensorType.F32(1, 3, 32, 32)));
        var model = ModelProto.Parser.ParseFrom(OnnxRoundTrip.Write(graph, new Dictionary<string, HostTensor>()));
        model.Graph.Node.Clear();
        model.Graph.Node.Add(
            new NodeProto { OpType = "Conv", Input = { "input", "w", "b" }, Output = { "c" }, Attribute = { OnnxAttributes.Of(Window2d.Of(2, 1), 3, 3) } });
        model.Graph.Node.Add(new NodeProto { OpType = "Relu", Input = { "c" }, Output = { "r" } });
        model.Graph.Node.Add(new NodeProto { OpType = "Slice", Input = { "r", "starts", "ends", "axes" }, Output = { "s" } });
        model.Graph.Node.Add(new NodeProto { OpType = "Expand", Input = { "s", "to" }, Output = { "e" } });
        model.Graph.Node.Add(new NodeProto { OpType = "Reshape", Input = { "e", "shape" }, Output = { "logits" } });
        model.Graph.Initializer.Add(OnnxTensors.Write("w", new HostTensor(TensorType.F32(2, 3, 3, 3))));
        model.Graph.Initializer.Add(OnnxTensors.Write("b", new HostTensor(TensorType.F32(2))));
        (string Name, long[] Numbers)[] integers =
            [("starts", [1, 2]), ("ends", [long.MaxValue, 9]), ("axes", [2, -1]), ("to", [1, 2, 15, 7]), ("shape", [0, -1])];
        foreach (var (name, numbers) in integers)
            model.Graph.Initializer.Add(OnnxTensors.Write(name, numbers));
        return model;
    }

    private static bool Fails(byte[] bytes)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var failed = false;
        try
        {
            OnnxRoundTrip.Read(bytes);
        }
        catch (ModelFormatException)
        {
            failed = true;
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < Slack + (64 * bytes.Length), $"{allocated} bytes were allocated for a file of {bytes.Length}");
        return failed;
    }
}
