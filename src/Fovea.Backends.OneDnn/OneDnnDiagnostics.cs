using Fovea.Backends.OneDnn.Interop;
using Fovea.Execution;

namespace Fovea.Backends.OneDnn;

/// <summary>What this machine gives the backend: for <c>fovea doctor</c> and for warnings.</summary>
public sealed record OneDnnDiagnostics
{
    /// <summary>The processor's name; <c>unknown</c> where the system does not say.</summary>
    public required string CpuModel { get; init; }

    /// <summary>The instruction sets that matter here and that the processor has, as in <c>avx2</c>, <c>avx512_bf16</c>, <c>amx_bf16</c>.</summary>
    public required IReadOnlyList<string> InstructionSets { get; init; }

    /// <summary>What oneDNN does with bf16 here; null when it was not found.</summary>
    public BFloat16Support? BFloat16 { get; init; }

    /// <summary>The version of oneDNN; null when no usable library was found.</summary>
    public Version? Version { get; init; }

    /// <summary>The file that was loaded; null when none was.</summary>
    public string? LibraryPath { get; init; }

    /// <summary>The instruction set that oneDNN generates code for; null when it was not found.</summary>
    public string? EffectiveIsa { get; init; }

    /// <summary>The threads that primitives use; null when oneDNN was not found.</summary>
    public int? Threads { get; init; }

    /// <summary>Why no library could be used, what was tried, and what installs it; null when one was found.</summary>
    public string? LibraryProblem { get; init; }

    /// <summary>Looks at this machine, and loads oneDNN if there is one.</summary>
    public static OneDnnDiagnostics Read()
    {
        var cpu = CpuFeatures.Read();
        var found = new OneDnnDiagnostics { CpuModel = cpu.Model, InstructionSets = Names(cpu) };
        try
        {
            var api = DnnlApi.Load();
            return found with
            {
                Version = api.Library.Version, LibraryPath = api.Library.Path,
                EffectiveIsa = api.EffectiveIsa, Threads = api.Library.Threads, BFloat16 = api.BFloat16,
            };
        }
        catch (NativeException e)
        {
            return found with { LibraryProblem = e.Message };
        }
    }

    private static List<string> Names(CpuFeatures cpu) =>
    [
        .. new[]
        {
            (cpu.Avx2, "avx2"), (cpu.Avx512, "avx512"), (cpu.Avx512Vnni, "avx512_vnni"), (cpu.Avx512Bf16, "avx512_bf16"),
            (cpu.AmxBf16, "amx_bf16"), (cpu.AmxInt8, "amx_int8"),
        }.Where(feature => feature.Item1).Select(feature => feature.Item2),
    ];
}
