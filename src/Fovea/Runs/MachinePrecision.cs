using Fovea.Backends.OneDnn;
using Fovea.Execution;
using Fovea.Tensors;
using Fovea.Training.Recipes;
using Fovea.Training.Steps;

namespace Fovea.Runs;

/// <summary>What a precision comes to on this machine, and what its user should know of it.</summary>
public static class MachinePrecision
{
    /// <summary>The precision that is computed in: what <c>auto</c> has chosen is said, and that bf16 is not native here.</summary>
    /// <param name="asked">What is asked for.</param>
    /// <param name="backend">What computes.</param>
    /// <param name="note">Told what was chosen.</param>
    /// <param name="warn">Told what is likely not wanted.</param>
    public static Precision Choose(Precision asked, IBackend backend, Action<string> note, Action<string> warn)
    {
        var chosen = asked.On(backend);
        if (backend is OneDnnBackend machine) Tell(asked, chosen, machine, note, warn);
        return chosen;
    }

    /// <summary>One of three: native, emulated, computed in fp32.</summary>
    /// <param name="support">What an instruction set does with bf16.</param>
    public static string Describe(BFloat16Support support) => support switch
    {
        BFloat16Support.Native => "native",
        BFloat16Support.Emulated => "emulated",
        _ => "computed in fp32",
    };

    private static void Tell(Precision asked, Precision chosen, OneDnnBackend backend, Action<string> note, Action<string> warn)
    {
        var isNative = backend.BFloat16 == BFloat16Support.Native;
        var here = $"bf16 is {Describe(backend.BFloat16)} on this CPU";
        if (isNative)
            here += FormattableString.Invariant($", where {backend.Name} convolves {OneDnnBackend.BFloat16Speedup:0.0} times as fast in it as in fp32");
        if (asked == Precision.Auto)
            note($"precision auto: {(chosen == Precision.Bf16 ? "bf16" : "fp32")}, since {here}");
        else if (chosen == Precision.Bf16 && !isNative)
            warn(
                $"{here}, which has no instructions for it that {backend.Name} uses (avx512_bf16, amx_bf16): "
                + "it saves memory, and is slower than fp32");
        else if (chosen == Precision.Bf16 && backend.FastestType != DType.BFloat16)
            warn($"{here}: it saves memory, and may be slower than fp32");
    }
}
