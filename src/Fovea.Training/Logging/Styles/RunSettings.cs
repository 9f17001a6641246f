using Fovea.Data.Augment;
using Fovea.Training.Recipes;

namespace Fovea.Training.Logging.Styles;

/// <summary>What the settings of other systems want to know of a run, each asked of its recipe in one place.</summary>
/// <param name="run">The run.</param>
internal sealed class RunSettings(RunOverview run)
{
    private readonly TrainRecipe _recipe = run.Recipe;

    internal double Momentum => _recipe.Optimizer.KeptDirection;

    internal double WeightDecay => _recipe.Optimizer.WeightDecay;

    internal string Optimizer => _recipe.Optimizer.Kind;

    internal string Schedule => _recipe.Schedule.Kind;

    internal double WarmupEpochs => _recipe.Schedule.WarmupEpochs;

    internal double WarmupRate => _recipe.Schedule.WarmupLearningRate ?? 0;

    internal double LeastRate => _recipe.Schedule.Floor;

    internal double LabelSmoothing => _recipe.Loss.Spread;

    internal bool IsMixed => _recipe.Augment.Mixing.Count > 0;

    internal double Mixup => _recipe.Augment.Mixing.OfType<Mixup>().FirstOrDefault()?.Alpha ?? 0;

    internal double CutMix => _recipe.Augment.Mixing.OfType<CutMix>().FirstOrDefault()?.Alpha ?? 0;

    /// <summary>The policy of augmentation; null for none.</summary>
    internal string? Policy => _recipe.Augment.Transforms.FirstOrDefault(IsPolicy)?.Kind;

    internal bool IsAveraged => _recipe.Averages is not null;

    internal bool IsFp32 => _recipe.Train.Precision == Precision.Fp32;

    internal int Workers => _recipe.Data.Workers;

    internal double ClipNorm => _recipe.Train.ClipGradientNorm;

    internal string Loss => _recipe.Loss.Kind;

    internal ulong Seed => _recipe.Train.Seed;

    private static bool IsPolicy(Transform transform) => transform is RandAugment or AutoAugment or TrivialAugmentWide or AugMix or ThreeAugment;
}
