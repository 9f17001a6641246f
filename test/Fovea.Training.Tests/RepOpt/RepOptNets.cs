using Fovea.Graphs;
using Fovea.Models;
using Fovea.Models.Building;
using Fovea.Tensors;
using Fovea.Training.Checkpoints;
using Fovea.Training.Optimizers;
using Fovea.Training.Recipes;
using Fovea.Training.Schedules;

namespace Fovea.Training.Tests.RepOpt;

/// <summary>A small RepOpt-VGG in each of its forms, and runs of it.</summary>
internal static class RepOptNets
{
    private static readonly ModelOptions s_options = new()
    {
        Classes = Runs.Classes.Length, ImageSize = TinyModel.Size, NumBlocks = [1, 2, 1, 1], WidthMultiplier = [0.0625, 0.0625, 0.03125, 0.015625],
    };

    internal static Func<int, Graph> Model(string form) => batch => ModelCatalog.Build($"repoptvgg_{form}", s_options, batch);

    internal static TrainRecipe Recipe(string form, OptimizerOptions optimizer, int epochs = 3, int accumulate = 1) => new()
    {
        Model = new() { Name = $"repoptvgg_{form}" },
        Optimizer = optimizer,
        Schedule = new CosineOptions { WarmupEpochs = 0.5 },
        Train = new() { Epochs = epochs, BatchSize = 8, Accumulate = accumulate, EmaDecay = 0.9, LogEvery = 1, CheckpointEveryMinutes = 0, Seed = 7 },
    };

    internal static TrainerOptions Options(
        string form, OptimizerOptions optimizer, CheckpointFolder? checkpoints = null, int accumulate = 1, MemoryBatches? images = null) =>
        Runs.Options(Recipe(form, optimizer, accumulate: accumulate), checkpoints, images ?? new(samples: 24, batchSize: 8), Model(form));

    /// <summary>Scales of 0.5 to 1.5 for the blocks of the small net, under the authors' names.</summary>
    internal static IReadOnlyList<(string Name, HostTensor Tensor)> Scales { get; } =
    [
        .. Model("hs")(1).Variables.Select(value => value.Variable!).Where(variable => variable.Label.Contains("scale_", StringComparison.Ordinal))
            .Select(variable => (variable.Label, Drawn(variable.Label, variable.Type.Shape))),
    ];

    private static HostTensor Drawn(string label, Shape shape)
    {
        var (draws, tensor) = (new Philox(5, Philox.Hash(label)), HostTensor.Filled(shape, 0));
        for (var i = 0; i < tensor.Floats.Length; i++) tensor.Floats[i] = (float)(0.5 + draws.Uniform((ulong)i));
        return tensor;
    }
}
