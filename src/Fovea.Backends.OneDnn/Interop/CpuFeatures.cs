namespace Fovea.Backends.OneDnn.Interop;

/// <summary>The instruction sets that decide how fast a precision is.</summary>
internal sealed record CpuFeatures(
    string Model, bool Avx2, bool Avx512, bool Avx512Vnni, bool Avx512Bf16, bool AmxBf16, bool AmxInt8)
{
    /// <summary>What this machine has, by /proc/cpuinfo.</summary>
    internal static CpuFeatures Read() => Parse(File.Exists("/proc/cpuinfo") ? File.ReadAllLines("/proc/cpuinfo") : []);

    internal static CpuFeatures Parse(IReadOnlyList<string> lines)
    {
        var flags = Field(lines, "flags").Split(' ').ToHashSet(StringComparer.Ordinal);
        var avx512 = flags.IsSupersetOf(["avx512f", "avx512bw", "avx512dq", "avx512vl"]);
        return new(
            Field(lines, "model name") is { Length: > 0 } name ? name : "unknown",
            Avx2: flags.Contains("avx2"),
            avx512,
            Avx512Vnni: avx512 && flags.Contains("avx512_vnni"),
            Avx512Bf16: avx512 && flags.Contains("avx512_bf16"),
            AmxBf16: flags.Contains("amx_bf16"),
            AmxInt8: flags.Contains("amx_int8"));
    }

    /// <summary>Whether what dnnl_get_effective_cpu_isa answers includes AVX-512 BF16, as AMX does too.</summary>
    internal static bool HasBFloat16(int isa) => (isa & 0x80) != 0;

    /// <summary>Whether it includes products of four pairs that are added up in 32 bits (VNNI); without them two products are added in 16 bits, which overflow.</summary>
    internal static bool HasWideSums(int isa) => (isa & (0x8 | 0x40 | 0x400)) != 0;

    /// <summary>The name of what dnnl_get_effective_cpu_isa answers; an unknown number is printed in hexadecimal.</summary>
    internal static string IsaName(int isa) => isa switch
    {
        0x1 => "sse41",
        0x3 => "avx",
        0x7 => "avx2",
        0x27 => "avx512_core",
        0x67 => "avx512_core_vnni",
        0xe7 => "avx512_core_bf16",
        0x1ef => "avx512_core_fp16",
        0x3e7 or 0xfef => "avx512_core_amx",
        0x1fef => "avx512_core_amx_fp16",
        0xf or 0x407 => "avx2_vnni",
        0x1f => "avx2_vnni_2",
        _ => $"isa 0x{isa:x}",
    };

    private static string Field(IReadOnlyList<string> lines, string name) =>
        lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[^1].Trim() ?? "";
}
