using Fovea.Formats.PyTorch;
using Fovea.Formats.Storage;

namespace Fovea.Formats.Paddle;

/// <summary>numpy.dtype of a pickle: a kind of number with its bytes (<c>f4</c>), and their order.</summary>
internal sealed class NumpyType(string name) : PickleInstance
{
    private string _order = "<";

    /// <summary>As numpy spells it: <c>f4</c>.</summary>
    internal string Name { get; } = name;

    /// <summary>Takes (version, order, …): the order is <c>&lt;</c>, <c>&gt;</c>, or <c>|</c> where there is none.</summary>
    internal override void SetState(object? state, Func<string, ModelFormatException> fail)
    {
        _order = state is object?[] and [_, string order, ..] ? order : throw fail("describes a numpy.dtype otherwise than numpy does");
    }

    /// <summary>The elements, or what is wrong with them.</summary>
    /// <remarks>Paddle keeps bfloat16, which numpy lacks, as its bits in uint16 (paddle.base.data_feeder.convert_np_dtype_to_dtype_).</remarks>
    internal (StoredType? Stored, string Problem) Elements() => _order is not ("<" or "|" or "=")
        ? (null, $"has elements of {_order}{Name}, which are big-endian; wanted little-endian ones")
        : Name switch
        {
            "f8" => (StoredType.Float64, ""),
            "f4" => (StoredType.Float32, ""),
            "f2" => (StoredType.Float16, ""),
            "u2" => (StoredType.BFloat16, ""),
            "i8" => (StoredType.Int64, ""),
            "i4" => (StoredType.Int32, ""),
            "i2" => (StoredType.Int16, ""),
            "i1" => (StoredType.Int8, ""),
            "u1" => (StoredType.UInt8, ""),
            "b1" => (StoredType.Bool, ""),
            _ => (null, $"has elements of numpy's {Name}, which cannot be read; wanted floats, integers or truths"),
        };
}
