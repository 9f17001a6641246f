using System.CommandLine;
using Fovea.Auto;
using Fovea.Backends.OneDnn;
using Fovea.Cli.Usage;
using Fovea.Data.Batching;
using Fovea.Data.Sets;
using Fovea.Naming;
using Fovea.Recipes;
using Fovea.Runs;
using Fovea.Training.RateFinding;
using Fovea.Training.Recipes;

namespace Fovea.Cli.Work;

/// <summary>The recipe of a command line that names none: chosen by data and machine, then changed as the flags say.</summary>
/// <param name="Recipe">The recipe.</param>
/// <param name="Notes">What was chosen and why, a line each.</param>
internal sealed record ChosenRecipe(TrainRecipe Recipe, IReadOnlyList<string> Notes)
{
    private const int MostProbes = 2;
    private const double ProbeSeconds = 2;
    private const double LeastStepShare = 0.2;

    internal static Option<string?> Time { get; } = new("--time")
    {
        Description = "How long the run may take (90s, 10m, 2h), for the recipe that is chosen where -c names none", HelpName = "TIME",
    };

    /// <summary>Chooses, and tells what came of it.</summary>
    /// <exception cref="RecipeException">There is nothing to choose by, or what the flags say is out of range.</exception>
    internal static ChosenRecipe For(Invocation call, Func<DataSet> find)
    {
        var changes = RunFlags.Changes(call);
        var options = Options(changes, call.Value(Time) is { } time ? Duration.Parse(Time.Name, time) : null);
        var data = DataSummary.Of(find(), call.Stop);
        var machine = Machine.Here(new OneDnnBackend());
        var choice = AutoRecipe.For(data, machine, options);
        for (var probes = 0; !options.IsClassifierAlone && probes < MostProbes; probes++)
        {
            call.Report.Log($"measuring how fast {choice.Recipe.Model.Title} trains here");
            machine = Measured(machine, Changed(choice, changes), choice.Work, find, call);
            var before = choice.Recipe.Model;
            choice = AutoRecipe.For(data, machine, options);
            if (choice.Recipe.Model == before) break;
        }

        call.Report.Log("no recipe is given (-c); chosen by the data and the machine, to be changed by --set:");
        foreach (var reason in choice.Reasons) call.Report.Log($"  {reason}");
        return new(Changed(choice, changes), [.. choice.Reasons.Select(reason => Printable.Line(reason.ToString()))]);
    }

    private static TrainRecipe Changed(AutoRecipe choice, IReadOnlyList<RecipeOverride> changes) =>
        RecipeReader.Parse(RecipeWriter.Write(choice.Recipe), "the chosen recipe", changes);

    private static AutoOptions Options(IReadOnlyList<RecipeOverride> changes, TimeSpan? time)
    {
        string[] followed = ["model.", "data.", "freeze.", "train.batch_size", "train.epochs"];
        var given = RecipeReader.Read(null, [.. changes.Where(change => followed.Any(path => change.Path.StartsWith(path, StringComparison.Ordinal)))]);
        var isNamed = given.Model.Name is not null || given.Model.Source.Length > 0 || given.Model.Weights.Length > 0 || given.Model.Pretrained.Length > 0;
        // What is wrong with a model is told before data is read.
        if (isNamed) TrainingSetup.Resolve(given);
        bool Says(string path) => changes.Any(change => change.Path == path);
        return new()
        {
            Time = time,
            Model = isNamed ? given.Model : null,
            IsClassifierAlone = given.Freeze is { Epochs: 0, Thaw: [] } && given.Freeze.Names.Contains(FreezeOptions.Backbone)
                && !changes.Any(change => change.Path.StartsWith("augment", StringComparison.Ordinal)),
            ImageSize = Says("data.image_size") ? given.Data.ImageSize : 0,
            BatchSize = Says("train.batch_size") ? given.Train.BatchSize : 0,
            Epochs = Says("train.epochs") ? given.Train.Epochs : 0,
            ValidationFraction = Says("data.validation_fraction") ? given.Data.ValidationFraction : null,
            Fraction = given.Data.Fraction,
        };
    }

    /// <summary>The machine with the speed at which it takes steps of a recipe.</summary>
    private static Machine Measured(Machine machine, TrainRecipe recipe, double work, Func<DataSet> find, Invocation call)
    {
        recipe = RateFinder.AtOneSize(recipe);
        // The steps that are timed move no image away.
        var data = recipe.Data.BadImages == BadImagePolicy.Quarantine ? recipe.Data with { BadImages = BadImagePolicy.Skip } : recipe.Data;
        using var parts = TrainingSetup.Open(recipe with { Data = data }, find, stop: call.Stop);
        var loading = LoadProbe.Of(parts.Recipe, parts.Data.Train, TimeSpan.FromSeconds(ProbeSeconds / 2), call.Stop);
        var both = StepProbe.SecondsPerImage(parts.Options, TimeSpan.FromSeconds(ProbeSeconds), call.Stop);
        // Both share the cores. Where loading takes nearly all of the time, what is left for the step is not to be told from noise.
        var step = Math.Max(both - loading.First, both * LeastStepShare);
        return machine with { OperationsPerSecond = work / step, Loading = loading, IsMeasured = true };
    }
}
