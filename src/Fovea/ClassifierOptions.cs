using Fovea.Data.Decoding;
using Fovea.Training.Recipes;

namespace Fovea;

/// <summary>How a <see cref="Classifier"/> computes.</summary>
/// <remarks>
/// Left to itself a classifier suits its callers: an image that comes alone is computed by a team of all cores; when so many callers come
/// that it gives more images per second, each is computed by one thread, on as many threads as there are cores (fewer where copies of large weights
/// would take a quarter of the memory). That needs twice as many threads as there are cores, half of which sleep. The last bits of probabilities may depend on
/// the number of threads; where they must not, say how many sessions there are and of how many threads.
/// </remarks>
public sealed record ClassifierOptions
{
    /// <summary>The largest <see cref="Sessions"/>.</summary>
    public const int MaxSessions = 1024;

    /// <summary>The largest <see cref="ThreadsPerSession"/>.</summary>
    public const int MaxThreadsPerSession = 1024;

    /// <summary>The arithmetic. Default fp32; bf16 is faster where the CPU has it (AVX-512 BF16, AMX) and moves logits by about one percent;
    /// auto takes it there, and fp32 elsewhere.</summary>
    public Precision Precision { get; init; } = Precision.Fp32;

    /// <summary>The most images that are computed at a time by <see cref="Classifier.PredictBatch(IReadOnlyList{string})"/>, from 1. Default 16.</summary>
    public int Batch { get; init; } = 16;

    /// <summary>
    /// How many calls are computed at the same time, 1 to <see cref="MaxSessions"/>; 0 (the default) for as many as teams of
    /// <see cref="ThreadsPerSession"/> fit the cores. Sessions share the weights as the file has them; each has memory of its own for what lies
    /// between layers, and for weights that its primitives want in another layout, from the first call that it computes on.
    /// </summary>
    public int Sessions { get; init; }

    /// <summary>
    /// How many threads compute a call, 1 to <see cref="MaxThreadsPerSession"/>; 0 (the default) for the cores divided by <see cref="Sessions"/>.
    /// Where both are 0, it follows from how many callers there are.
    /// </summary>
    public int ThreadsPerSession { get; init; }

    /// <summary>How many threads decode and prepare the images of a batch, from 1; 0 (the default) for one per core.</summary>
    public int Workers { get; init; }

    /// <summary>What images are accepted. Default <see cref="DecodeOptions"/>'s.</summary>
    public DecodeOptions Decode { get; init; } = new();

    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    internal ClassifierOptions Validated()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Batch, 1, nameof(Batch));
        Check(Sessions, MaxSessions, nameof(Sessions));
        Check(ThreadsPerSession, MaxThreadsPerSession, nameof(ThreadsPerSession));
        Check(Workers, int.MaxValue, nameof(Workers));
        return this;
    }

    private static void Check(int value, int most, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, most, name);
    }
}
