using Fovea;
using Fovea.Recipes;
using Fovea.Runs;
using Fovea.Training;
using Fovea.Training.Logging;
using Fovea.Training.Recipes;

namespace Programs;

/// <summary>The program that the package's page shows, from its first line to its last.</summary>
internal static class TrainingProgram
{
    internal static List<string> Lines { get; } = [];

    internal static void Run(string[] args)
    {
        var (data, folder, photo) = (args[1], args[2], args[3]);
        var recipe = TrainRecipe.Load(args[0]);
        recipe = recipe with { Train = recipe.Train with { Epochs = 10 } };

        using var run = new TrainingRun(recipe, new RunPlace(data, folder, Resume: true), new() { Log = new TextLog(Console.WriteLine) });
        if (run.Train() == TrainingEnd.Interrupted) return;
        Console.WriteLine($"best in epoch {run.State.BestEpoch}: top-1 {run.Validate().Top1:P1}");
        run.Recipe.Save(Path.Combine(folder, "again.yaml"));
        run.Ship(Path.Combine(folder, "signs.fovea"));

        using var classifier = Classifier.Load(Path.Combine(folder, "signs.fovea"));
        Console.WriteLine(classifier.Predict(photo).ToString());
    }

    private static class Console
    {
        internal static void WriteLine(string line) => Lines.Add(line);
    }
}
