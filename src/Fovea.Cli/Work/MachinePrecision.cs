using Fovea.Backends.OneDnn;
using Fovea.Cli.Output;
using Fovea.Execution;
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
        if (asked == Precision.Auto)
            report.Log($"precision auto: {(chosen == Precision.Bf16 ? "bf16" : "fp32")}, since bf16 is {Describe(backend.BFloat16)} on this CPU");
        if (chosen == Precision.Bf16 && backend.BFloat16 != BFloat16Support.Native)
            report.Warning(
                $"bf16 is {Describe(backend.BFloat16)} on this CPU, which has no instructions for it that {backend.Name} uses (avx512_bf16, amx_bf16): "
                + "it saves memory, and is slower than --precision fp32");
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
