using Fovea.Data.Augment;
using Fovea.Data.Decoding;
using Fovea.Data.Sampling;
using Fovea.Data.Sources;
using Fovea.Options;

namespace Fovea.Data.Batching;

/// <summary>How batches are made.</summary>
public sealed record LoaderOptions
{
    /// <summary>Images per batch, at least 1. Default 32.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>
    /// Whether the batches are trained on: each epoch has an order of its own and random transforms are allowed. Otherwise the order is the
    /// source's, and a pipeline that draws random numbers or decodes at a smaller scale is refused. Default false.
    /// </summary>
    public bool IsTraining { get; init; }

    /// <summary>What the order of each epoch and the random transforms follow from. Default 0.</summary>
    public ulong Seed { get; init; }

    /// <summary>How often an epoch takes the images of each class. Only for training. Default every image once.</summary>
    public Sampler Sampler { get; init; } = new UniformSampler();

    /// <summary>The epochs of the run, for samplers that change in its course; at least 1. Default 1.</summary>
    public int Epochs { get; init; } = 1;

    /// <summary>
    /// How many times one after the other each image is augmented anew and taken; 1 to 64. The epoch stays as long, and sees as small a part of the images.
    /// Only for training. Default 1.
    /// </summary>
    public int Repeats { get; init; } = 1;

    /// <summary>How rows are mixed of several images; of each batch at most one is chosen. Only for training. Default none.</summary>
    public IReadOnlyList<Mixer> Mixing { get; init; } = [];

    /// <summary>Whether a last batch that is not full is left out. Default false.</summary>
    public bool DropLast { get; init; }

    /// <summary>Threads that decode and transform; 0, the default, for one per core. The batches do not depend on it.</summary>
    public int Workers { get; init; }

    /// <summary>Batches made ahead of the one in use, at least 1. Default 3.</summary>
    public int Prefetch { get; init; } = 3;

    /// <summary>What happens when an image cannot be decoded. Default fail.</summary>
    public BadImagePolicy BadImages { get; init; } = BadImagePolicy.Fail;

    /// <summary>Where <see cref="BadImagePolicy.Quarantine"/> moves files to; required for it.</summary>
    public string? QuarantineFolder { get; init; }

    /// <summary>
    /// Keys of images that an interrupted run found to be bad. To resume within an epoch, pass what that run's <see cref="BatchLoader.BadKeys"/> was: the
    /// images that took their places are then known. They are not reported again. Default none.
    /// </summary>
    public IReadOnlyCollection<string> KnownBad { get; init; } = [];

    /// <summary>What is kept in memory between epochs. Default auto.</summary>
    public CacheMode Cache { get; init; } = CacheMode.Auto;

    /// <summary>The most that is kept in memory, in bytes; an eighth of the machine's memory if that is less. Default 1 GiB.</summary>
    public long CacheBytes { get; init; } = 1L << 30;

    /// <summary>What the decoder accepts.</summary>
    public DecodeOptions Decode { get; init; } = new();

    /// <summary>The batches of an epoch of some images, if none is bad; on average, where the sampler's epochs differ in length.</summary>
    /// <param name="images">The images.</param>
    /// <remarks>Each image counts once, whatever views an evaluation has of it.</remarks>
    public int BatchesOf(IImageSource images) => BatchesOf(new SampleCounts(images, Sampler, Seed, Epochs).Mean);

    /// <summary>The batches of an epoch that takes so many images, whatever the sampler.</summary>
    /// <param name="places">How many; at least 0.</param>
    public int BatchesOf(int places) => (int)((places + (DropLast ? 0L : BatchSize - 1)) / BatchSize);

    internal int WorkerCount => Workers > 0 ? Workers : Environment.ProcessorCount;

    internal void Validate()
    {
        if (BatchSize < 1) throw new ArgumentOutOfRangeException(nameof(BatchSize), $"batch_size is {BatchSize}; wanted at least 1");
        if (Repeats is < 1 or > 64) throw new ArgumentOutOfRangeException(nameof(Repeats), $"repeats is {Repeats}; wanted 1 to 64");
        if (Epochs < 1) throw new ArgumentOutOfRangeException(nameof(Epochs), $"epochs is {Epochs}; wanted at least 1");
        if (!IsTraining && (Repeats > 1 || Mixing.Count > 0 || Sampler is not UniformSampler))
            throw new ArgumentException("evaluation sees each image once and by itself; wanted no sampler, no repeats and no mixing");
        var problems = new List<OptionProblem>();
        Mixer.CheckAll(Mixing, new(problems), "mixing");
        Sampler.Check(new OptionChecks(problems).In("sampler"));
        if (problems.Count > 0) throw new ArgumentException(string.Join("; ", problems));
        if (Workers is < 0 or > 1024) throw new ArgumentOutOfRangeException(nameof(Workers), $"workers is {Workers}; wanted 0 (one per core) to 1024");
        if (Prefetch is < 1 or > 1024) throw new ArgumentOutOfRangeException(nameof(Prefetch), $"prefetch is {Prefetch}; wanted 1 to 1024");
        if (BadImages == BadImagePolicy.Quarantine && string.IsNullOrEmpty(QuarantineFolder))
            throw new ArgumentException("bad_images is quarantine, but no quarantine folder is given");
    }
}
