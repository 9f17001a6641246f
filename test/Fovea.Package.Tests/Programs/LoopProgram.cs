using Fovea.Data.Sets;
using Fovea.Runs;
using Fovea.Training;
using Fovea.Training.Logging;
using Fovea.Training.Recipes;

namespace Programs;

/// <summary>The parts of a run without a folder.</summary>
internal static class LoopProgram
{
    internal static double Run(TrainRecipe recipe, string folder, ITrainingLog log)
    {
        using var setup = TrainingSetup.Open(recipe, DataSet.Find(folder), new() { Log = log });
        using var trainer = new Trainer(setup.Options with { Fold = true });
        trainer.Run(log);
        return trainer.State.BestTop1;
    }
}
