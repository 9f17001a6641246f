using Fovea.Formats.Storage;

namespace Fovea.Formats.PyTorch;

/// <summary>A Python dictionary: entries under strings in their order; others are not kept.</summary>
internal sealed class PickleDict
{
    private OrderedDictionary<string, object?>? _entries;

    internal IEnumerable<KeyValuePair<string, object?>> Entries => _entries ?? Enumerable.Empty<KeyValuePair<string, object?>>();

    internal object? this[string key] => _entries is null ? null : _entries.GetValueOrDefault(key);

    internal void Set(object? key, object? value)
    {
        if (key is string name) (_entries ??= [])[name] = value;
    }

    internal void Remove(string key) => _entries?.Remove(key);
}

/// <summary>A Python list or set.</summary>
internal sealed class PickleList
{
    private List<object?>? _items;

    internal IReadOnlyList<object?> Items => _items ?? (IReadOnlyList<object?>)[];

    internal void Add(object?[] items) => (_items ??= []).AddRange(items);
}

/// <summary>A class or function that the pickle names and Fovea neither knows nor runs, or what it would have made.</summary>
internal sealed record Opaque(string Global);

/// <summary>An object that its pickle makes first and describes afterwards.</summary>
internal abstract class PickleInstance
{
    /// <summary>Takes what BUILD gives.</summary>
    internal abstract void SetState(object? state, Func<string, ModelFormatException> fail);
}

/// <summary>What a callable of a pickle stands for: work of our own over its arguments.</summary>
internal sealed record PickleCallable(string Name, Func<object?[], Func<string, ModelFormatException>, object?> Call);

/// <summary>The callables that an unpickler gives a meaning of its own.</summary>
internal enum Known
{
    Dictionary,
    Tensor,
    TensorWithDType,
    Parameter,
    FromType,
    Size,
}

/// <summary>torch.FloatStorage and its kin: how wide an element is, and what it is if Fovea can read it.</summary>
internal sealed record StorageType(string Name, int ElementBytes, StoredType? Elements);

/// <summary>torch.float32 and its kin.</summary>
internal sealed record TorchDType(string Name, StoredType? Elements);

/// <summary>The classes whose data are the plain tensor itself.</summary>
internal sealed record TensorClass(string Name);

/// <summary>The storage of so many elements that the file holds under <see cref="Key"/>, seen from the element at <see cref="Offset"/> on.</summary>
internal sealed record PickleStorage(StorageType Type, string Key, long Elements, long Offset);

/// <summary>A strided view of a storage; offset and strides count elements. The element type is that of the storage unless it is given.</summary>
/// <remarks>Extents and strides are the tuples of the pickle, unchecked and not copied: any number of tensors may share one of any length.</remarks>
internal sealed record PickleTensor(PickleStorage Storage, long Offset, object?[] Extents, object?[] Strides, TorchDType? DType);
