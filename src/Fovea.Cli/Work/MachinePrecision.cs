using Fovea.Backends.OneDnn;
using Fovea.Cli.Output;
using Fovea.Execution;
using Fovea.Tensors;
using Fovea.Training.Recipes;
using Fovea.Training.Steps;

namespace Fovea.Cli.Work;

/// <summary>What a precision comes to on this machine, and what the user is told of it.</summary>
internal static class MachinePrecision
{
    /// <summary>The precision that is computed in: what <c>auto</c> has chosen is said, and that bf16 is not native here.</summary>
    internal static Precision Choose(Precision asked, OneDnnBackend backend, Report report)
    {
        var chosen = asked.On(backend);
        var isNative = backend.BFloat16 == BFloat16Support.Native;
        var here = $"bf16 is {Describe(backend.BFloat16)} on this CPU";
        if (isNative)
            here += FormattableString.Invariant($", where {backend.Name} convolves {OneDnnBackend.BFloat16Speedup:0.0} times as fast in it as in fp32");
        if (asked == Precision.Auto)
            report.Log($"precision auto: {(chosen == Precision.Bf16 ? "bf16" : "fp32")}, since {here}");
        else if (chosen == Precision.Bf16 && !isNative)
            report.Warning(
                $"{here}, which has no instructions for it that {backend.Name} uses (avx512_bf16, amx_bf16): "
                + "it saves memory, and is slower than --precision fp32");
        else if (chosen == Precision.Bf16 && backend.FastestType != DType.BFloat16)
            report.Warning($"{here}: it saves memory, and may be slower than --precision fp32");
        return chosen;
    }

    /// <summary>One of three: native, emulated, computed in fp32.</summary>
    internal static string Describe(BFloat16Support support) => support switch
    {
        BFloat16Support.Native => "native",
        BFloat16Support.Emulated => "emulated",
        _ => "computed in fp32",
    };
}
