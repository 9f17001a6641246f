using System.CommandLine;
using System.Globalization;
using Fovea.Cli.Output;
using Fovea.Cli.Pictures;
using Fovea.Cli.Usage;
using Fovea.Cli.Work;
using Fovea.Formats;
using Fovea.Naming;
using Fovea.Recipes;
using Fovea.Runs;
using Fovea.Training.Recipes;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea recipe</c>: what a recipe may hold, and what one comes to.</summary>
internal static class RecipeCommand
{
    private static readonly Argument<string?> s_file = new("FILE")
    {
        Description = "The recipe: a file, or the name of one that 'fovea recipe list' lists; without it, the defaults", Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string> s_out = new("--out", "-o") { Description = "The PNG file to write", HelpName = "FILE", Required = true };

    private static readonly Option<int> s_samples = new("--samples")
    {
        Description = "The training images, which make the updates of an epoch", HelpName = "N", DefaultValueFactory = _ => 50_000,
    };

    private static readonly Option<string?> s_data = new("--data")
    {
        Description = "The data whose training images these are, in place of --samples: the recipe's sampler makes other epochs of them",
        HelpName = "DATA",
    };

    internal static Command Create() => new Command("recipe", "Show what recipes hold").With(
        new Command("list", "List the recipes that the tool knows by name, for -c").Runs(List),
        new Command("show", "Print a recipe with every option, after --set").With(s_file, RecipeFlags.Set).Runs(Show),
        new Command("plot", "Draw what the schedule sets over a run: the learning rate, and the momentum where it does")
            .With(s_file, s_out, s_samples, s_data, RecipeFlags.Set).With(DataFlags.All).Runs(Plot),
        RecipeImportCommand.Create(),
        new Command("keys", "Print all options with their defaults, as Markdown").Runs(Keys));

    private static int Show(Invocation call)
    {
        var recipe = RecipeReader.Read(call.Value(s_file), RecipeFlags.Overrides(call));
        var text = RecipeWriter.Write(recipe);
        call.Report.Text(text);
        call.Report.Object(json => json.WriteString("recipe", text));
        return ExitCodes.Ok;
    }

    private static int List(Invocation call)
    {
        var table = new TextTable("recipe", "model", ">px", ">batch", ">epochs", "what it is");
        var recipes = ShippedRecipes.Names.Select(name => (Name: name, Text: ShippedRecipes.TryFind(name)!))
            .Select(found => (found.Name, Recipe: RecipeReader.Parse(found.Text, found.Name), Summary: ShippedRecipes.Summary(found.Text))).ToList();
        foreach (var (name, recipe, summary) in recipes)
        {
            var size = recipe.Data.ImageSize > 0 ? $"{recipe.Data.ImageSize}" : "–";
            table.Row(name, recipe.Model.Title, size, $"{recipe.Train.BatchSize}", $"{recipe.Train.Epochs}", summary);
        }

        call.Report.Table(table);
        call.Report.Object(json =>
        {
            json.WriteStartArray("recipes");
            foreach (var (name, recipe, summary) in recipes)
            {
                json.WriteStartObject();
                json.WriteString("name", name);
                json.WriteString("model", recipe.Model.Title);
                json.WriteNumber("image_size", recipe.Data.ImageSize);
                json.WriteNumber("batch_size", recipe.Train.BatchSize);
                json.WriteNumber("epochs", recipe.Train.Epochs);
                json.WriteString("summary", summary);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
        return ExitCodes.Ok;
    }

    private static int Plot(Invocation call)
    {
        var output = call.Value(s_out)!;
        FileKind.Png.CheckTarget(output);
        var recipe = RecipeReader.Read(call.Value(s_file), RecipeFlags.Overrides(call));
        var batches = Batches(call, recipe);
        recipe = recipe with { Train = recipe.Train.Lasting(batches) };
        var perEpoch = ((batches - 1L) / recipe.Train.Accumulate) + 1;
        var plot = SchedulePlot.Of(recipe, perEpoch);
        PictureFont.Check(call.Report);
        var title = $"{recipe.Schedule.Kind}: {Amount.Of(recipe.Train.Epochs, "epoch")} of {Amount.Of(perEpoch, "update")}";
        AtomicFile.Write(output, stream => stream.Write(plot.Draw(title)));
        var (first, highest, last) = (plot.Points[0].Rate, plot.Points.Max(point => point.Rate), plot.Points[^1].Rate);
        call.Report.Line(string.Create(
            CultureInfo.InvariantCulture, $"{title}; learning rate {first:G4} at first, {highest:G4} at most, {last:G4} at last: {output}"));
        call.Report.Object(json =>
        {
            json.WriteString("file", Path.GetFullPath(output));
            json.WriteNumber("steps_per_epoch", perEpoch);
            json.WriteStartArray("points");
            foreach (var (epoch, rate, momentum) in plot.Points)
            {
                json.WriteStartObject();
                json.WriteNumber("epoch", epoch);
                json.WriteNumber("learning_rate", rate);
                if (momentum is { } number) json.WriteNumber("momentum", number);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
        return ExitCodes.Ok;
    }

    /// <summary>The batches of an epoch.</summary>
    private static int Batches(Invocation call, TrainRecipe recipe)
    {
        var loader = recipe.TrainingLoader();
        if (call.Value(s_data) is not { } place)
        {
            if (Array.Find(DataFlags.All, call.Has) is { } lone) throw new UsageException($"{lone.Name} goes with --data only: it says how data is read");
            return Some(loader.BatchesOf(call.Within(s_samples, 1, int.MaxValue)), "--samples");
        }

        if (call.Has(s_samples)) throw new UsageException("--samples and --data both say how many images there are; wanted one of them");
        var data = TrainingSetup.Images(recipe, DataFlags.Find(call, place), moved: [], call.Stop);
        foreach (var warning in data.Warnings) call.Report.Warning(warning);
        return Some(loader.BatchesOf(data.Train), "--data");

        int Some(int batches, string flag) => batches > 0
            ? batches
            : throw new UsageException($"{flag}: fewer images than a batch of {loader.BatchSize}; wanted a smaller train.batch_size, or train.drop_last=false");
    }

    private static int Keys(Invocation call)
    {
        var text = RecipeReference.Write();
        call.Report.Text(text);
        call.Report.Object(json => json.WriteString("markdown", text));
        return ExitCodes.Ok;
    }
}
