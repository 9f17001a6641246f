using System.Collections.Frozen;
using Fovea.Analysis;
using Fovea.Training.Losses;
using Fovea.Training.Optimizers;
using Fovea.Training.Recipes;
using Fovea.Training.Schedules;

namespace Fovea.Training.Steps;

/// <summary>What a training graph does beside the model.</summary>
public sealed record TrainingGraphOptions
{
    /// <summary>The update rule; default SGD. Its learning rate is an input of the graph, not taken from here.</summary>
    public OptimizerOptions Optimizer { get; init; } = new SgdOptions();

    /// <summary>What is minimised; default softmax cross-entropy.</summary>
    public LossOptions Loss { get; init; } = new CrossEntropyOptions();

    /// <summary>How many training images each class has, for losses that want to know; empty, the default, where that is not known.</summary>
    public IReadOnlyList<int> ClassCounts { get; init; } = [];

    /// <summary>Whether the target is a distribution, f32 [N, C], in place of a class, s32 [N]; default false.</summary>
    public bool SoftTargets { get; init; }

    /// <summary>How averages of parameters and state are kept; null, the default, for none.</summary>
    public AverageOptions? Average { get; init; }

    /// <summary>Whether a schedule sets the momentum of the rule, too; default false.</summary>
    public bool DrivesMomentum { get; init; }

    /// <summary>The bound on the norm of the whole gradient; 0, the default, sets none.</summary>
    public double ClipGradientNorm { get; init; }

    /// <summary>The bound on every number of the gradient, by size; 0, the default, sets none.</summary>
    public double ClipGradientValue { get; init; }

    /// <summary>The bound on the gradient's norm as a share of the weight's, for each output of a parameter; 0, the default, sets none.</summary>
    public double ClipGradientAdaptive { get; init; }

    /// <summary>Whether the norm of the whole gradient, before clipping, is an output; default false.</summary>
    public bool GradientNorm { get; init; }

    /// <summary>The least images of a group that norms take the statistics of; 0, the default, for whole batches.</summary>
    public int GhostBatch { get; init; }

    /// <summary>Whether activations are computed again for the backward pass, where that saves memory; default false.</summary>
    public bool Recomputes { get; init; }

    /// <summary>
    /// The labels of parameters and states that stay as they are (<see cref="FrozenVariables"/>): they have no gradients, slots and averages. Default none.
    /// </summary>
    public IReadOnlySet<string> Frozen { get; init; } = FrozenSet<string>.Empty;

    /// <summary>
    /// Whether the graph is given, in the place of images, what its frozen parts make of them (<see cref="Passes.FrozenFeatures"/>); default false.
    /// </summary>
    public bool FromFeatures { get; init; }

    /// <summary>The key of random operations; default 0.</summary>
    public ulong Seed { get; init; }

    /// <summary>The arithmetic; default fp32.</summary>
    public Precision Precision { get; init; } = Precision.Fp32;

    /// <summary>What a recipe says of the graph; what is frozen follows from the epoch and the model (<see cref="FrozenStages"/>).</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="classCounts">How many training images each class has; empty where that is not known.</param>
    public static TrainingGraphOptions Of(TrainRecipe recipe, IReadOnlyList<int> classCounts) => new()
    {
        Optimizer = recipe.Optimizer,
        Loss = recipe.Loss,
        ClassCounts = classCounts,
        DrivesMomentum = recipe.Schedule.Drives.Contains(ScheduleOptions.Momentum),
        SoftTargets = recipe.Augment.Mixing.Count > 0,
        Average = recipe.Averages,
        ClipGradientNorm = recipe.Train.ClipGradientNorm,
        ClipGradientValue = recipe.Train.ClipGradientValue,
        ClipGradientAdaptive = recipe.Train.ClipGradientAdaptive,
        GradientNorm = recipe.Train.ClipGradientNorm > 0,
        GhostBatch = recipe.Train.GhostBatch,
        Recomputes = recipe.Train.GradientCheckpointing,
        Seed = recipe.Train.Seed,
        Precision = recipe.Train.Precision,
    };
}
