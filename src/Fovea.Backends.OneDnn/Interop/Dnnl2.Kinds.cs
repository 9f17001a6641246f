namespace Fovea.Backends.OneDnn.Interop;

internal sealed partial class Dnnl2
{
    /// <summary>dnnl_alg_kind_t of 2.6; null if it has no such function.</summary>
    private static int? Number(EltwiseKind kind) => kind switch
    {
        EltwiseKind.Relu => 31,
        EltwiseKind.Tanh => 47,
        EltwiseKind.Square => 79,
        EltwiseKind.Sqrt => 111,
        EltwiseKind.Linear => 127,
        EltwiseKind.Logistic => 175,
        EltwiseKind.Exp => 191,
        EltwiseKind.GeluTanh => 207,
        EltwiseKind.Swish => 223,
        EltwiseKind.Log => 239,
        EltwiseKind.Clip => 255,
        EltwiseKind.Pow => 32,
        EltwiseKind.GeluErf => 48,
        EltwiseKind.Mish => 96,
        EltwiseKind.Hardswish => 112,
        _ => null,
    };
}
