namespace Fovea.Backends.OneDnn.Interop;

internal sealed partial class Dnnl2
{
    /// <summary>dnnl_alg_kind_t of 2.6; null if it has no such function.</summary>
    private static int? Number(EltwiseKind kind) => kind switch
    {
        EltwiseKind.Relu => 31,
        EltwiseKind.Tanh => 47,
        EltwiseKind.Elu => 63,
        EltwiseKind.Square => 79,
        EltwiseKind.Abs => 95,
        EltwiseKind.Sqrt => 111,
        EltwiseKind.Linear => 127,
        EltwiseKind.Logistic => 175,
        EltwiseKind.Exp => 191,
        EltwiseKind.GeluTanh => 207,
        EltwiseKind.Swish => 223,
        EltwiseKind.Log => 239,
        EltwiseKind.Clip => 255,
        EltwiseKind.ClipV2 => 16,
        EltwiseKind.Pow => 32,
        EltwiseKind.GeluErf => 48,
        EltwiseKind.Mish => 96,
        EltwiseKind.Hardswish => 112,
        EltwiseKind.ReluUseDst => 256,
        EltwiseKind.TanhUseDst => 257,
        EltwiseKind.EluUseDst => 258,
        EltwiseKind.SqrtUseDst => 259,
        EltwiseKind.LogisticUseDst => 260,
        EltwiseKind.ExpUseDst => 261,
        EltwiseKind.ClipV2UseDst => 262,
        _ => null,
    };

    /// <summary>dnnl_normalization_flags_t of 2.6; null if it lacks a flag.</summary>
    private static uint? Number(NormFlags flags)
    {
        if (flags.HasFlag(NormFlags.FuseAddRelu)) return null;
        return (flags.HasFlag(NormFlags.UseGlobalStats) ? 1u : 0) | (flags.HasFlag(NormFlags.FuseRelu) ? 4u : 0)
            | (flags.HasFlag(NormFlags.Scale) ? 8u : 0) | (flags.HasFlag(NormFlags.Shift) ? 16u : 0);
    }
}
