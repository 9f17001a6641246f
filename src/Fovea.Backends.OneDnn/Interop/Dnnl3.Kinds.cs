namespace Fovea.Backends.OneDnn.Interop;

internal sealed partial class Dnnl3
{
    /// <summary>dnnl_alg_kind_t of 3.x, and the parameters in its terms: hard-swish takes the slope and offset that 2.6 fixes.</summary>
    private static (int Kind, float Alpha, float Beta) Number(EltwiseKind kind, float alpha, float beta) => kind switch
    {
        EltwiseKind.Relu => (32, alpha, beta),
        EltwiseKind.Tanh => (33, alpha, beta),
        EltwiseKind.Square => (35, alpha, beta),
        EltwiseKind.Sqrt => (37, alpha, beta),
        EltwiseKind.Linear => (38, alpha, beta),
        EltwiseKind.Logistic => (41, alpha, beta),
        EltwiseKind.Exp => (42, alpha, beta),
        EltwiseKind.GeluTanh => (43, alpha, beta),
        EltwiseKind.Swish => (44, alpha, beta),
        EltwiseKind.Log => (45, alpha, beta),
        EltwiseKind.Clip => (46, alpha, beta),
        EltwiseKind.Pow => (48, alpha, beta),
        EltwiseKind.GeluErf => (49, alpha, beta),
        EltwiseKind.Mish => (51, alpha, beta),
        EltwiseKind.Hardswish => (52, 1f / 6, 0.5f),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), $"{kind} has no number in oneDNN 3"),
    };
}
