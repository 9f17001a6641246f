using System.Text.Json;
using Fovea.Tensors;

namespace Fovea.Formats.Tests;

/// <summary>The files that the reference libraries wrote, and what is in them.</summary>
internal static class Fixtures
{
    internal static string Path(params ReadOnlySpan<string> parts) =>
        System.IO.Path.Combine([AppContext.BaseDirectory, "fixtures", .. parts]);

    internal static byte[] Bytes(params ReadOnlySpan<string> parts) => File.ReadAllBytes(Path(parts));

    /// <summary>Asserts that names, order, shapes, types and values are those that expected.json of the folder gives for the file.</summary>
    internal static void AssertHolds(IReadOnlyList<(string Name, HostTensor Tensor)> tensors, string folder, string key, bool ordered = true)
    {
        using var json = JsonDocument.Parse(Bytes(folder, "expected.json"));
        var expected = json.RootElement.GetProperty(key).EnumerateArray().ToArray();
        var byName = tensors.ToDictionary(entry => entry.Name, entry => entry.Tensor);
        var names = expected.Select(entry => entry.GetProperty("name").GetString()!).ToArray();
        if (ordered) Assert.Equal(names, tensors.Select(entry => entry.Name));
        else Assert.Equal(names.Order(), byName.Keys.Order());
        foreach (var entry in expected) AssertSame(entry, byName[entry.GetProperty("name").GetString()!]);
    }

    /// <summary>Small tensors with recognisable values.</summary>
    internal static HostTensor Ramp(params ReadOnlySpan<int> extents)
    {
        var tensor = new HostTensor(TensorType.F32(extents));
        for (var i = 0; i < tensor.Floats.Length; i++) tensor.Floats[i] = i - 2.5f;
        return tensor;
    }

    private static void AssertSame(JsonElement expected, HostTensor tensor)
    {
        var name = expected.GetProperty("name").GetString();
        Assert.Equal((name, Host(expected.GetProperty("dtype").GetString()!)), (name, tensor.Type.DType));
        Assert.Equal(expected.GetProperty("shape").EnumerateArray().Select(x => x.GetInt32()), tensor.Shape.ToArray());
        Assert.Equal(expected.GetProperty("values").EnumerateArray().Select(x => x.GetDouble()), OracleTensor.From(tensor).Elements);
    }

    private static DType Host(string dtype) => dtype switch
    {
        "float64" or "float32" or "float16" => DType.Float32,
        "bfloat16" => DType.BFloat16,
        "int64" or "int32" or "int16" => DType.Int32,
        "int8" => DType.Int8,
        "uint8" or "bool" => DType.UInt8,
        _ => throw new ArgumentException(dtype),
    };
}
