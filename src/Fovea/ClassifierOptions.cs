using Fovea.Data.Decoding;
using Fovea.Training.Recipes;

namespace Fovea;

/// <summary>How a <see cref="Classifier"/> computes.</summary>
public sealed record ClassifierOptions
{
    /// <summary>The arithmetic. Default fp32; bf16 is faster where the CPU has it (AVX-512 BF16, AMX) and moves logits by about one percent.</summary>
    public Precision Precision { get; init; } = Precision.Fp32;

    /// <summary>The most images that are computed at a time by <see cref="Classifier.PredictBatch(IReadOnlyList{string})"/>, from 1. Default 16.</summary>
    public int Batch { get; init; } = 16;

    /// <summary>What images are accepted. Default <see cref="DecodeOptions"/>'s.</summary>
    public DecodeOptions Decode { get; init; } = new();
}
