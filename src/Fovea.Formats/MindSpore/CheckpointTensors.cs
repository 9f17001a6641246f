using Fovea.Formats.MindSpore.Proto;
using Fovea.Formats.Storage;
using Fovea.Naming;
using Fovea.Tensors;

namespace Fovea.Formats.MindSpore;

/// <summary>The tensors of a checkpoint by their tags; pieces of one follow each other under the same tag.</summary>
internal sealed class CheckpointTensors
{
    private const string Text = "str";

    private readonly InputFile _file;
    private readonly OrderedDictionary<string, List<TensorProto>> _tensors = [];
    private readonly List<string> _texts = [];

    internal CheckpointTensors(InputFile file, Checkpoint checkpoint)
    {
        _file = file;
        var last = "";
        foreach (var value in checkpoint.Value)
        {
            if (value.HasMapTensor) throw Fail(value.Tag, "is a table of a hash map; wanted tensors alone");
            if (!value.HasTag || value.Tensor is not { HasTensorType: true, HasTensorContent: true } tensor)
                throw Fail(value.Tag, "lacks its name, its type or its content");
            if (tensor.TensorType == Text) _texts.Add(value.Tag);
            else if (!_tensors.TryGetValue(value.Tag, out var pieces)) _tensors.Add(value.Tag, [tensor]);
            else if (value.Tag != last) throw Fail(value.Tag, "stands in two places");
            else if (tensor.TensorType != pieces[0].TensorType || !tensor.Dims.SequenceEqual(pieces[0].Dims))
                throw Fail(value.Tag, "has pieces of several shapes");
            else pieces.Add(tensor);
            last = value.Tag;
        }
    }

    /// <summary>The names of the weights; unless a part is asked for, what training keeps beside them is left out.</summary>
    internal IReadOnlyList<string> Weights(bool isUsualPart, List<string> notes)
    {
        if (_tensors.Count == 0) throw _file.Fail("", "holds no tensors");
        if (_texts.Count > 0) notes.Add($"left out {Amount.Of(_texts.Count, "text")}");
        if (!isUsualPart) return _tensors.Keys;
        var slots = _tensors.Keys.Where(IsSlot).ToHashSet(StringComparer.Ordinal);
        foreach (var part in slots.CountBy(name => name[..name.IndexOf('.', StringComparison.Ordinal)], StringComparer.Ordinal))
            notes.Add($"left out {Amount.Of(part.Value, "tensor")} '{part.Key}.…' beside the weights; --key {part.Key} takes this part");
        var numbers = _tensors.Keys.Where(name => !slots.Contains(name) && IsNumberOfTraining(name)).ToArray();
        if (numbers.Length > 0) notes.Add($"left out {string.Join(", ", numbers.Select(name => $"'{name}'"))}, numbers of training");
        string[] weights = [.. _tensors.Keys.Where(name => !slots.Contains(name) && !IsNumberOfTraining(name))];
        return weights.Length > 0 ? weights : throw _file.Fail("", $"holds no weights: {string.Join("; ", notes)}");
    }

    internal HostTensor Read(string name)
    {
        var pieces = _tensors[name];
        ModelFormatException Problem(string problem) => Fail(name, problem);
        var type = MindSporeTypes.Find(pieces[0].TensorType)
            ?? throw Problem($"has elements of {pieces[0].TensorType}, which cannot be read; wanted a float, integer or bool type");
        var length = pieces.Sum(piece => (long)piece.TensorContent.Length);
        var shape = StoredElements.Shape(type, IsScalar(pieces[0]) && length == type.Size ? [] : pieces[0].Dims.ToArray(), Problem);
        if (shape.Elements * type.Size != length)
            throw Problem($"has {length} bytes; its shape {shape} of {pieces[0].TensorType} wants {shape.Elements * type.Size}");
        var (bytes, at) = (new byte[length], 0);
        foreach (var piece in pieces)
        {
            piece.TensorContent.Span.CopyTo(bytes.AsSpan(at));
            at += piece.TensorContent.Length;
        }

        return StoredElements.ToHost(type, shape, bytes, Problem);
    }

    /// <summary>MindSpore writes the shape of a number as [0].</summary>
    private static bool IsScalar(TensorProto tensor) => tensor.Dims is [] or [0];

    /// <summary>A momentum or an average: the name of another tensor of the same shape, behind one more segment (<c>moments.conv1.weight</c>).</summary>
    private bool IsSlot(string name) => name.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot
        && _tensors.TryGetValue(name[(dot + 1)..], out var weight) && weight[0].Dims.SequenceEqual(_tensors[name][0].Dims);

    /// <summary>A rate, a step: one number that belongs to no module.</summary>
    private bool IsNumberOfTraining(string name) =>
        !name.Contains('.', StringComparison.Ordinal) && _tensors[name] is [var tensor] && (IsScalar(tensor) || tensor.Dims is [1]);

    private ModelFormatException Fail(string tag, string problem) => _file.Fail($"tensor '{tag}'", problem);
}
