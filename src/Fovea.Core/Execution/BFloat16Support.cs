namespace Fovea.Execution;

/// <summary>What a backend does on this processor with products of bfloat16 numbers.</summary>
public enum BFloat16Support
{
    /// <summary>It has none: plans keep values in bfloat16 and compute in float32, slower than float32 alone, in less memory.</summary>
    None,

    /// <summary>It computes them by float32 arithmetic inside of its primitives, as a rule slower than float32 alone.</summary>
    Emulated,

    /// <summary>It uses instructions for them (AVX-512 BF16, AMX), which are faster than those of float32 on most processors that have them.</summary>
    Native,
}
