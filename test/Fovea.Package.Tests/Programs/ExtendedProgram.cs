using Fovea.Recipes;
using Fovea.Runs;
using Fovea.Training.Logging;
using Fovea.Training.Recipes;

namespace Programs;

/// <summary>Trains by tricks of its own.</summary>
internal static class ExtendedProgram
{
    internal static TrainingRun Open(string file, string data, string folder, ITrainingLog log)
    {
        var kinds = RecipeKinds.Default.With(new SignSgd()).With(new PolyLoss()).With(new Trapezoid()).With(new Speckle());
        var recipe = TrainRecipe.Load(file, kinds);
        return new TrainingRun(recipe, new RunPlace(data, folder, Resume: true), new() { Log = log, Load = new() { Kinds = kinds } });
    }
}
