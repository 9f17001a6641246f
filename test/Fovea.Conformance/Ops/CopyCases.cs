using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Conformance.Ops;

/// <summary>Constants, casts, names and stops of gradients.</summary>
public static class CopyCases
{
    /// <summary>Every case of them.</summary>
    public static IReadOnlyList<OpCase> All { get; } =
    [
        new("constant/scalar", new Constant(HostTensor.Filled(Shape.Scalar, 0.5f)), Tolerance.Exact),
        new("constant/tensor", new Constant(HostTensor.Of(new Shape(2, 3), [1, -2, 3, 0.1f, -0f, 1e-30f])), Tolerance.Exact),
        new("constant/integers", new Constant(new HostTensor(new TensorType(DType.Int32, new Shape(2)), [1, 0, 0, 0, 255, 255, 255, 255])), Tolerance.Exact),
        new("cast/to_bf16", new Cast(DType.BFloat16), Tolerance.Exact, OpInput.Of(2, 3, 5, 7)) { DifferentiableResults = 0 },
        new("cast/to_f32", new Cast(DType.Float32), Tolerance.Exact, OpInput.Of(2, 3, 5, 7)),
        new("cast/integers_to_f32", new Cast(DType.Float32), Tolerance.Exact, OpInput.Integers(-100, 100, 3, 5)),
        new("cast/to_integers", new Cast(DType.Int32), Tolerance.Exact, OpInput.Of(4, 9).Between(-9, 9).Wide) { DifferentiableResults = 0 },
        new(
            "cast/pixels", new Cast(DType.Float32), Tolerance.Exact,
            new OpInput(new TensorType(DType.UInt8, new Shape(1, 3, 4, 4)), new Fill.Integers(0, 256)) { Fixed = true }),
        new("named/weight", new Named("layer.weight"), Tolerance.Exact, OpInput.Of(2, 3, 3, 3)),
        new("stop_gradient/matrix", new StopGradient(), Tolerance.Exact, OpInput.Of(4, 7)) { DifferentiableResults = 0 },
        new("cast/resnet18", new Cast(DType.BFloat16), Tolerance.Exact, OpInput.Of(8, 64, 56, 56)) { RealSize = true, DifferentiableResults = 0 },
    ];
}
