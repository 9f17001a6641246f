using Fovea.Backends.OneDnn;
using Fovea.Cli.Output;
using Fovea.Training.Recipes;

namespace Fovea.Cli.Commands;

/// <summary>Says so when bf16 is asked for on a CPU that has to emulate it.</summary>
internal static class BFloat16Warning
{
    internal static void Give(Report report, Precision precision)
    {
        if (precision == Precision.Bf16 && OneDnnDiagnostics.Read() is { HasNativeBFloat16: false } machine)
            report.Warning($"{machine.CpuModel} has no native bf16 (avx512_bf16 or amx_bf16): it is emulated, and slower than --precision fp32");
    }
}
