using Fovea.Formats.Storage;

namespace Fovea.Formats.MindSpore;

/// <summary>What MindSpore calls the types of elements: <c>Float32</c>, and <c>mindspore.float32</c> in checkpoints of other tools.</summary>
internal static class MindSporeTypes
{
    private const string Module = "mindspore.";

    /// <summary>The type of a name; null for one that cannot be read.</summary>
    internal static StoredType? Find(string name) =>
        (name.StartsWith(Module, StringComparison.Ordinal) ? name[Module.Length..] : name).TrimEnd('_').ToLowerInvariant() switch
        {
            "float64" => StoredType.Float64,
            "float32" => StoredType.Float32,
            "float16" => StoredType.Float16,
            "bfloat16" => StoredType.BFloat16,
            "int64" => StoredType.Int64,
            "int32" => StoredType.Int32,
            "int16" => StoredType.Int16,
            "int8" => StoredType.Int8,
            "uint8" => StoredType.UInt8,
            "bool" => StoredType.Bool,
            _ => null,
        };
}
