using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Conformance.Ops;

/// <summary>Fractions to integers of 8 bits and back.</summary>
public static class QuantiseCases
{
    private const string Integers = "integers have no gradient";

    /// <summary>Every case of them.</summary>
    public static IReadOnlyList<OpCase> All { get; } =
    [
        Quantised("image", Quantize.To(DType.UInt8), OpInput.Of(2, 3, 5, 7), 0.0157f, 128),
        Quantised("padded_channels", Quantize.To(DType.Int8), OpInput.Of(1, 19, 4, 3), 0.009f, -3),
        Quantised("clamped", new Quantize(DType.Int8, -63, 64), OpInput.Of(33).Between(-3, 3), 0.01f, 5),
        Quantised("ties", Quantize.To(DType.Int8), OpInput.Of(8, 9).OnGrid(0), 0.25f, 0),
        Quantised("scalar", Quantize.To(DType.UInt8), OpInput.Of(), 0.01f, 100),
        PerChannel("weights", Quantize.To(DType.Int8, 0), OpInput.Of(6, 3, 3, 3), 6),
        PerChannel("channels", Quantize.To(DType.UInt8, 1), OpInput.Of(2, 5, 4, 4), 5),
        PerChannel("last_axis", Quantize.To(DType.Int8, 1), OpInput.Of(7, 20), 20),
        Quantised("resnet18", Quantize.To(DType.UInt8), OpInput.Of(8, 64, 56, 56), 0.0079f, 127) with { RealSize = true },
        Fractions("image", DType.UInt8, 0.0157f, 128, 2, 3, 5, 7),
        Fractions("padded_channels", DType.Int8, 0.009f, -3, 1, 19, 4, 3),
        Fractions("sums", DType.Int32, 0.00011f, 0, 4, 9),
        Fractions("scalar", DType.UInt8, 0.01f, 100),
        new("dequantize/weights", new Dequantize(0), Tolerance.Rounding, Whole(DType.Int8, 6, 3, 3, 3), Many(6), Zeros(6)) { NotDifferentiable = Integers },
        new("dequantize/last_axis", new Dequantize(1), Tolerance.Rounding, Whole(DType.UInt8, 7, 20), Many(20), Zeros(20)) { NotDifferentiable = Integers },
        new("dequantize/narrow", new Dequantize { Low = -63, High = 63 }, Tolerance.Rounding, Whole(DType.Int8, 9), One(0.01f), Zero(0)) { NotDifferentiable = Integers },
        Fractions("resnet18", DType.UInt8, 0.0079f, 127, 8, 64, 56, 56) with { RealSize = true },
    ];

    private static OpCase Quantised(string name, Quantize op, OpInput x, float scale, int zero) =>
        new($"quantize/{name}", op, Tolerance.Exact, x.Wide, One(scale), Zero(zero)) { NotDifferentiable = Integers };

    private static OpCase PerChannel(string name, Quantize op, OpInput x, int count) =>
        new($"quantize/{name}", op, Tolerance.Exact, x.Wide, Many(count), Zeros(count)) { NotDifferentiable = Integers };

    private static OpCase Fractions(string name, DType type, float scale, int zero, params int[] extents) =>
        new($"dequantize/{name}", new Dequantize(), Tolerance.Rounding, Whole(type, extents), One(scale), Zero(zero)) { NotDifferentiable = Integers };

    private static OpInput One(float scale) => OpInput.Of().Between(scale, scale) with { Fixed = true, StaysWide = true };

    private static OpInput Zero(int zero) => OpInput.Integers(zero, zero + 1);

    private static OpInput Many(int count) => OpInput.Of(count).Between(0.004, 0.02) with { Fixed = true, StaysWide = true };

    private static OpInput Zeros(int count) => OpInput.Integers(-9, 9, count);

    private static OpInput Whole(DType type, params int[] extents) =>
        new(new TensorType(type, new Shape(extents)), type == DType.UInt8 ? new Fill.Integers(0, 256) : new Fill.Integers(-128, 128)) { Fixed = true };
}
