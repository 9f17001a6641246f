using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using Fovea.Formats.Storage;

namespace Fovea.Formats.PyTorch;

/// <summary>
/// The layout before PyTorch 1.6: five pickles (magic number, protocol version, facts about the machine, the object, the keys of its
/// storages) and then each storage: its number of elements in eight bytes, and the elements.
/// </summary>
internal static class PyTorchLegacy
{
    internal const string Format = "PyTorch (before 1.6)";

    private const byte Proto = 0x80;
    private const byte Frame = 0x95;
    private const byte Long1 = 0x8A;
    private const int FrameBytes = 9;
    private const long Protocol = 1001;

    private static readonly BigInteger s_magic = BigInteger.Parse("01950a86a20f9469cfc6c", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>Whether a file is a pickle, of whatever.</summary>
    internal static bool IsPickle(InputFile file) => file.Head(2) is [Proto, >= 2 and <= 5];

    /// <summary>Whether a pickle begins with a long number, as the magic one is; protocol 4 may frame it.</summary>
    internal static bool Recognises(InputFile file)
    {
        if (!IsPickle(file)) return false;
        var head = file.Head(3 + FrameBytes);
        return head.Length > 2 && (head[2] == Long1 || (head[2] == Frame && head.Length > 2 + FrameBytes && head[2 + FrameBytes] == Long1));
    }

    internal static PyTorchArchive Read(InputFile file)
    {
        var input = new PickleInput(file, 0, file.Length, "pickle");
        object? Next() => new Unpickler(input).Load();

        if (Next() is not BigInteger magic || magic != s_magic)
            throw file.Fail("", "is a pickle, but not one that torch.save wrote: the magic number is missing");
        if (Next() is not Protocol) throw file.Fail("", $"has another protocol version than {Protocol}, the only one there ever was");
        if (Next() is PickleDict machine && machine["little_endian"] is false)
            throw file.Fail("", "was written on a big-endian machine; weights in that byte order are not read");
        var storages = new Dictionary<string, StorageType>();
        var root = new Unpickler(input, storages).Load();
        if (Next() is not PickleList keys) throw file.Fail("", "lacks the list of storage keys");
        var places = Places(file, keys, storages, input.Position);
        return new(Format, root, storage => ReadStorage(file, places, storage));
    }

    private static Dictionary<string, long> Places(InputFile file, PickleList keys, Dictionary<string, StorageType> storages, long position)
    {
        var places = new Dictionary<string, long>();
        foreach (var item in keys.Items)
        {
            if (item is not string key || !storages.TryGetValue(key, out var type))
                throw file.Fail(
                    item is string name ? $"storage '{name}'" : "list of storage keys", $"has {StateDict.Describe(item)} for a key that no tensor uses");
            if (!places.TryAdd(key, position)) throw file.Fail($"storage '{key}'", "stands twice in the list of keys");
            var elements = Elements(file, key, position);
            if (elements < 0 || elements > (file.Length - position - 8) / type.ElementBytes)
                throw file.Fail($"storage '{key}'", $"has {elements} elements from byte {position}, but the file has {file.Length} bytes; it may be truncated");
            position += 8 + elements * type.ElementBytes;
        }

        return places;
    }

    private static byte[] ReadStorage(InputFile file, Dictionary<string, long> places, PickleStorage storage)
    {
        var where = $"storage '{storage.Key}'";
        if (!places.TryGetValue(storage.Key, out var position)) throw file.Fail(where, "is used by a tensor, but not in the list of keys");
        var elements = Elements(file, storage.Key, position);
        if (elements != storage.Elements) throw file.Fail(where, $"has {elements} elements; the pickle says {storage.Elements}");
        return file.Read(position + 8, elements * storage.Type.ElementBytes, where);
    }

    private static long Elements(InputFile file, string key, long position) =>
        BinaryPrimitives.ReadInt64LittleEndian(file.Read(position, 8, $"storage '{key}'"));
}
