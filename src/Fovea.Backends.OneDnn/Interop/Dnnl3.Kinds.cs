namespace Fovea.Backends.OneDnn.Interop;

internal sealed partial class Dnnl3
{
    /// <summary>dnnl_alg_kind_t of 3.x, and the parameters in its terms: hard-swish takes the slope and offset that 2.6 fixes.</summary>
    private static (int Kind, float Alpha, float Beta) Number(EltwiseKind kind, float alpha, float beta) => kind switch
    {
        EltwiseKind.Relu => (32, alpha, beta),
        EltwiseKind.Tanh => (33, alpha, beta),
        EltwiseKind.Elu => (34, alpha, beta),
        EltwiseKind.Square => (35, alpha, beta),
        EltwiseKind.Abs => (36, alpha, beta),
        EltwiseKind.Sqrt => (37, alpha, beta),
        EltwiseKind.Linear => (38, alpha, beta),
        EltwiseKind.Hardsigmoid => (40, alpha, beta),
        EltwiseKind.Logistic => (41, alpha, beta),
        EltwiseKind.Exp => (42, alpha, beta),
        EltwiseKind.GeluTanh => (43, alpha, beta),
        EltwiseKind.Swish => (44, alpha, beta),
        EltwiseKind.Log => (45, alpha, beta),
        EltwiseKind.Clip => (46, alpha, beta),
        EltwiseKind.ClipV2 => (47, alpha, beta),
        EltwiseKind.Pow => (48, alpha, beta),
        EltwiseKind.GeluErf => (49, alpha, beta),
        EltwiseKind.Mish => (51, alpha, beta),
        EltwiseKind.Hardswish => (52, 1f / 6, 0.5f),
        EltwiseKind.ReluUseDst => (256, alpha, beta),
        EltwiseKind.TanhUseDst => (257, alpha, beta),
        EltwiseKind.EluUseDst => (258, alpha, beta),
        EltwiseKind.SqrtUseDst => (259, alpha, beta),
        EltwiseKind.LogisticUseDst => (260, alpha, beta),
        EltwiseKind.ExpUseDst => (261, alpha, beta),
        EltwiseKind.ClipV2UseDst => (262, alpha, beta),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), $"{kind} has no number in oneDNN 3"),
    };

    /// <summary>dnnl_normalization_flags_t of 3.x.</summary>
    private static uint Number(NormFlags flags) =>
        (flags.HasFlag(NormFlags.UseGlobalStats) ? 1u : 0) | (flags.HasFlag(NormFlags.Scale) ? 2u : 0) | (flags.HasFlag(NormFlags.Shift) ? 4u : 0)
        | (flags.HasFlag(NormFlags.FuseRelu) ? 8u : 0) | (flags.HasFlag(NormFlags.FuseAddRelu) ? 16u : 0);
}
