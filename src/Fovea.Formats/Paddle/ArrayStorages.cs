using Fovea.Formats.PyTorch;
using Fovea.Formats.Storage;
using Fovea.Naming;
using Fovea.Tensors;

namespace Fovea.Formats.Paddle;

/// <summary>Makes of a pickle's arrays tensors over storages, in the terms of PyTorch's files.</summary>
internal sealed class ArrayStorages(InputFile file)
{
    /// <summary>
    /// paddle.save divides arrays of 2³⁰ bytes and more in pickles of protocols 2 and 3; under this key it says which (paddle/framework/io_utils.py).
    /// </summary>
    private const string Divided = "UnpackBigParamInfor@@";

    /// <summary>Under this key it says what Paddle's variables are called, which no weight depends on.</summary>
    private const string VariableNames = "StructuredToParameterName@@";

    private readonly Dictionary<string, object[]> _pieces = [];
    private readonly Dictionary<NumpyArray, PickleTensor> _made = [];
    private readonly HashSet<byte[]> _given = [];

    /// <summary>What was done, one sentence each.</summary>
    internal List<string> Notes { get; } = [];

    /// <summary>Puts tensors in the place of arrays, in a dictionary and those that it leads to.</summary>
    internal object? Replace(object? root)
    {
        if (root is not PickleDict first) return root;
        var (seen, open) = (new HashSet<PickleDict> { first }, new Stack<PickleDict>([first]));
        while (open.TryPop(out var dictionary))
        {
            Join(dictionary);
            dictionary.Remove(VariableNames);
            foreach (var (name, value) in dictionary.Entries.ToArray())
            {
                if (ArrayOf(value) is { } array) dictionary.Set(name, Tensor(name, array));
                else if (value is PickleDict inner && seen.Add(inner)) open.Push(inner);
            }
        }

        return root;
    }

    /// <summary>The elements of one storage, which nothing else keeps.</summary>
    internal byte[] Read(PickleStorage storage)
    {
        var pieces = _pieces[storage.Key];
        if (pieces is [byte[] whole] && _given.Add(whole)) return whole;
        var (all, at) = (new byte[pieces.Sum(Length)], 0);
        foreach (var piece in pieces)
        {
            if (piece is byte[] bytes) bytes.CopyTo(all, at);
            else Encode(((LatinText)piece).Text, all.AsSpan(at), storage.Key);
            at += (int)Length(piece);
        }

        return all;
    }

    /// <summary>An array, alone or behind the name of its variable, as Paddle keeps tensors outside of state dicts.</summary>
    private static NumpyArray? ArrayOf(object? value) => value switch
    {
        NumpyArray array => array,
        object?[] and [string, NumpyArray array] => array,
        _ => null,
    };

    private void Join(PickleDict dictionary)
    {
        if (dictionary[Divided] is not PickleDict all) return;
        foreach (var (name, facts) in all.Entries.ToArray())
        {
            if (facts is not PickleDict info || info["OriginShape"] is not object?[] extents
                || info["slices"] is not PickleList { Items: { Count: > 0 } slices })
                throw Fail(name, $"is described under '{Divided}' without its shape or its pieces");
            NumpyArray[] pieces = [.. slices.Select(item => Piece(dictionary, name, item))];
            if (Array.Exists(pieces, piece => piece.Type.Elements() != pieces[0].Type.Elements())) throw Fail(name, "has pieces of several types");
            dictionary.Set(name, Tensor(name, pieces[0].Type, extents, isFortran: false, [.. pieces.Select(piece => piece.Data)]));
            Notes.Add($"joined {Amount.Of(pieces.Length, "piece")} of '{name}'");
        }

        foreach (var piece in all.Entries.SelectMany(entry => ((PickleList)((PickleDict)entry.Value!)["slices"]!).Items).OfType<string>().ToArray())
            dictionary.Remove(piece);
        dictionary.Remove(Divided);
    }

    private NumpyArray Piece(PickleDict dictionary, string name, object? item) =>
        item is string key && dictionary[key] is NumpyArray array ? array : throw Fail(name, "lacks one of the pieces that it was divided into");

    private PickleTensor Tensor(string name, NumpyArray array)
    {
        if (!_made.TryGetValue(array, out var tensor))
            _made.Add(array, tensor = Tensor(name, array.Type, array.Extents, array.IsFortran, [array.Data]));
        return tensor;
    }

    private PickleTensor Tensor(string name, NumpyType type, object?[] items, bool isFortran, object[] pieces)
    {
        var (elements, problem) = type.Elements();
        if (elements is not { } stored) throw Fail(name, problem);
        var extents = Extents(name, items);
        var wanted = extents.Aggregate((UInt128)1, (product, extent) => UInt128.Min(product, ulong.MaxValue) * (ulong)extent);
        var given = pieces.Sum(Length);
        if (wanted * (uint)stored.Size != (UInt128)given)
            throw Fail(name, $"has {given} bytes; its shape [{string.Join(", ", extents)}] of numpy's {type.Name} wants {wanted * (uint)stored.Size}");
        var key = $"{_pieces.Count}";
        _pieces.Add(key, pieces);
        var storage = new PickleStorage(new($"numpy {type.Name}", stored.Size, stored), key, given / stored.Size, Offset: 0);
        return new(storage, Offset: 0, items, Strides(extents, isFortran), DType: null);
    }

    private long[] Extents(string name, object?[] items)
    {
        if (items.Length > Shape.MaxRank) throw Fail(name, $"has {items.Length} axes; at most {Shape.MaxRank} can be held");
        return Array.ConvertAll(items, item => item is long extent and >= 0 and <= int.MaxValue
            ? extent
            : throw Fail(name, $"has an extent that is no number from 0 to {int.MaxValue}"));
    }

    private static object?[] Strides(long[] extents, bool isFortran)
    {
        var (strides, step) = (new object?[extents.Length], 1L);
        for (var i = 0; i < extents.Length; i++)
        {
            var axis = isFortran ? i : extents.Length - 1 - i;
            strides[axis] = step;
            step *= Math.Max(1, extents[axis]);
        }

        return strides;
    }

    private static long Length(object piece) => piece is byte[] bytes ? bytes.Length : ((LatinText)piece).Text.Length;

    private void Encode(string text, Span<byte> to, string key)
    {
        for (var i = 0; i < text.Length; i++)
            to[i] = text[i] <= 0xFF ? (byte)text[i] : throw file.Fail($"array {key}", $"has the character U+{(int)text[i]:X4} where bytes were wanted");
    }

    private ModelFormatException Fail(string name, string problem) => file.Fail($"array '{name}'", problem);
}
