using Fovea.Formats.Storage;
using Fovea.Tensors;

namespace Fovea.Formats.Safetensors;

/// <summary>One tensor of a safetensors file, as its header describes it.</summary>
public sealed class SafetensorsEntry
{
    internal SafetensorsEntry(string name, StoredType stored, Shape shape, long begin, long end)
    {
        (Name, Stored, Shape, Begin, End) = (name, stored, shape, begin, end);
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The element type and shape that reading gives.</summary>
    public TensorType Type => new(Stored.Host, Shape);

    /// <summary>The shape.</summary>
    public Shape Shape { get; }

    internal StoredType Stored { get; }

    /// <summary>The first byte, counted from the end of the header.</summary>
    internal long Begin { get; }

    /// <summary>The byte after the last.</summary>
    internal long End { get; }
}
