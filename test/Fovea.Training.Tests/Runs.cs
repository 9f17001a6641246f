using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Training.Batches;
using Fovea.Training.Checkpoints;
using Fovea.Training.Losses;
using Fovea.Training.Optimizers;
using Fovea.Training.Recipes;
using Fovea.Training.Schedules;

namespace Fovea.Training.Tests;

/// <summary>Small runs on the reference backend.</summary>
internal static class Runs
{
    internal static readonly string[] Classes = ["ant", "bee", "cat"];

    /// <summary>A recipe that uses all that a checkpoint has to keep: momentum, averages, warm-up; 18 images make 5 batches of 4 and one of 2.</summary>
    internal static TrainRecipe Recipe(int epochs = 2, int accumulate = 1, OptimizerOptions? optimizer = null) => new()
    {
        Model = new() { Name = "tiny" },
        Optimizer = optimizer ?? new SgdOptions { LearningRate = 0.1, Nesterov = true },
        Schedule = new CosineOptions { WarmupEpochs = 0.5 },
        Loss = new CrossEntropyOptions { LabelSmoothing = 0.1 },
        Train = new()
        {
            Epochs = epochs, BatchSize = 4, Accumulate = accumulate, EmaDecay = 0.9, ClipGradientNorm = 1, LogEvery = 1, CheckpointEveryMinutes = 0, Seed = 7,
        },
    };

    internal static MemoryBatches Images => new(samples: 18, batchSize: 4);

    internal static MemoryBatches Validation => new(samples: 9, batchSize: 4, seed: 2, shuffles: false);

    internal static TrainerOptions Options(
        TrainRecipe recipe, CheckpointFolder? checkpoints = null, IBatchSource? images = null, Func<int, Graph>? model = null) => new()
    {
        Recipe = recipe,
        Model = model ?? (batch => TinyModel.Net(batch, dropout: 0.2)),
        Backend = new ReferenceBackend(),
        Train = images ?? Images,
        Validation = Validation,
        Classes = Classes,
        ClassCounts = [10, 5, 3],
        Teacher = Teach,
        Checkpoints = checkpoints,
        From = checkpoints?.LoadLatest(text => Assert.Fail(text)),
    };

    /// <summary>A teacher that knows a little: its logits lean to the right class by how bright the first pixel is.</summary>
    private static void Teach(Batch batch, Span<float> logits)
    {
        var pixels = batch.Images.Span;
        for (var n = 0; n < batch.Count; n++)
            for (var c = 0; c < Classes.Length; c++)
                logits[(n * Classes.Length) + c] = (batch.Labels.Span[n] == c ? 1 : 0) + (0.5f * pixels[n * (pixels.Length / batch.Count)]);
    }

    /// <summary>Every variable of a run, by name, as bytes.</summary>
    internal static SortedDictionary<string, byte[]> Variables(Trainer trainer) =>
        new(trainer.Session.Variables.ToDictionary(name => name, name => trainer.Session.Read(name).Bytes.ToArray()), StringComparer.Ordinal);
}
