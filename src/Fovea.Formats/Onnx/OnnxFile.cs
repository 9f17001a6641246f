using Fovea.Analysis;
using Fovea.Formats.Onnx.Nodes;
using Fovea.Formats.Onnx.Proto;
using Fovea.Formats.Storage;
using Fovea.Graphs;
using Fovea.Passes;
using Fovea.Tensors;
using Google.Protobuf;

namespace Fovea.Formats.Onnx;

/// <summary>Models in the Open Neural Network Exchange format (onnx.ai), operator set 17 of the standard domain.</summary>
public static class OnnxFile
{
    /// <summary>The version of the operator set that is written.</summary>
    public const int Opset = OnnxWriter.Opset;

    /// <summary>The oldest operator set that is read: the first.</summary>
    public const int OldestOpset = 1;

    /// <summary>The newest operator set that is read.</summary>
    public const int NewestOpset = 23;

    /// <summary>The extension.</summary>
    public const string Extension = ".onnx";

    private const int IrVersion = 8;
    private const string Producer = "fovea";

    /// <summary>Writes an inference graph, for any number of images at a time: the first axis of inputs and outputs is called <c>batch</c>.</summary>
    /// <param name="stream">Where to; it stays open.</param>
    /// <param name="graph">The graph, in float32. How many images it takes does not matter.</param>
    /// <param name="weights">A value for each of its parameters and states; others are ignored.</param>
    /// <param name="options">What else to write; the defaults if null.</param>
    /// <exception cref="ModelFormatException">An operation cannot be written, a weight is missing, or the file would be too large for the format.</exception>
    /// <exception cref="GraphException">The graph mixes images of a batch.</exception>
    public static void Write(Stream stream, Graph graph, IReadOnlyDictionary<string, HostTensor> weights, OnnxWriteOptions? options = null)
    {
        var model = Model(graph, weights, options ?? new());
        using var output = new CodedOutputStream(stream, leaveOpen: true);
        model.WriteTo(output);
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">For what sizes; the defaults if null.</param>
    /// <exception cref="ModelFormatException">The file is damaged, or holds something that a graph cannot; the message names the node.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static OnnxModel Read(string path, OnnxReadOptions? options = null)
    {
        using var file = InputFile.Open(path);
        try
        {
            return Read(file.Stream, path, options);
        }
        catch (ModelFormatException e) when (e.InnerException is InvalidProtocolBufferException && ForeignContent.Recognise(file) is { } foreign)
        {
            throw file.Fail("", $"{foreign}; wanted an ONNX model", e);
        }
    }

    /// <summary>Reads from a stream; <paramref name="name"/> is for messages.</summary>
    /// <inheritdoc cref="Read(string, OnnxReadOptions?)" path="/exception"/>
    public static OnnxModel Read(Stream stream, string name, OnnxReadOptions? options = null)
    {
        try
        {
            return new OnnxReader(ModelProto.Parser.ParseFrom(stream), name, options ?? new()).Read();
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new ModelFormatException(name, "", $"is no ONNX model, or is damaged: {e.Message}", e);
        }
    }

    internal static ModelProto Model(Graph graph, IReadOnlyDictionary<string, HostTensor> weights, OnnxWriteOptions options)
    {
        var live = new EliminateDeadNodes().Apply(graph);
        var inputs = live.Variables.Where(variable => variable.Variable!.Kind == VariableKind.Input).ToArray();
        if (inputs.Length > 1) throw new ModelFormatException("ONNX", $"input '{inputs[1].Variable!.Label}'", "is a second input; wanted the images alone");
        var axes = BatchAxes.Of(live);
        if (options.OpenImageSize) OpenImageSize.Check(live);
        var model = new ModelProto
        {
            IrVersion = IrVersion,
            ProducerName = Producer,
            ProducerVersion = options.ProducerVersion,
            Graph = new OnnxGraphWriter(live, axes, options.OpenImageSize).Write(weights),
            OpsetImport = { new OperatorSetIdProto { Domain = "", Version = Opset } },
        };
        foreach (var (key, value) in (options.Card?.Entries() ?? []).Concat(options.Metadata))
            model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
        return model;
    }
}
