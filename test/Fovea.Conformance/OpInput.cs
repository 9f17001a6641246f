using Fovea.Tensors;

namespace Fovea.Conformance;

/// <summary>An input of a case: its type and how it is filled.</summary>
/// <param name="Type">The type in the float32 form of the case.</param>
/// <param name="Fill">The elements.</param>
public sealed record OpInput(TensorType Type, Fill Fill)
{
    /// <summary>Whether the bfloat16 form of the case has it in float32 too, as it has statistics, losses and weights to be updated.</summary>
    public bool StaysWide { get; init; }

    /// <summary>Whether the operation counts it as constant, so that its gradient is null.</summary>
    public bool Fixed { get; init; }

    /// <summary>This input, wide in the bfloat16 form too.</summary>
    public OpInput Wide => this with { StaysWide = true };

    /// <summary>A float32 tensor, uniform in [−1, 1).</summary>
    public static OpInput Of(params ReadOnlySpan<int> extents) => new(TensorType.F32(extents), new Fill.Uniform(-1, 1));

    /// <summary>Whole numbers in [low, high).</summary>
    public static OpInput Integers(int low, int high, params ReadOnlySpan<int> extents) =>
        new(new TensorType(DType.Int32, new Shape(extents)), new Fill.Integers(low, high)) { Fixed = true };

    /// <summary>Uniform in [low, high), away from kinks.</summary>
    public OpInput Between(double low, double high, double avoid = double.NaN, double avoid2 = double.NaN) =>
        this with { Fill = new Fill.Uniform(low, high, avoid, avoid2) };

    /// <summary>Every element another.</summary>
    public OpInput Distinct() => this with { Fill = new Fill.Distinct() };

    /// <summary>Multiples of 1/8, shifted.</summary>
    public OpInput OnGrid(double offset) => this with { Fill = new Fill.Grid(offset) };

    /// <summary>The elements as this type holds them.</summary>
    internal HostTensor Make(ulong stream)
    {
        var draws = new Philox(0x4F766561, stream);
        var exact = new OracleTensor(Type.Shape);
        for (var i = 0; i < exact.Elements.Length; i++) exact[i] = Fill.Element(draws, i, exact.Elements.Length);
        return exact.To(Type.DType);
    }
}
