using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Fovea.Cli.Pictures;
using Fovea.Cli.Usage;
using Fovea.Cli.Work;
using Fovea.Data.Batching;
using Fovea.Data.Sources;
using Fovea.Formats;
using Fovea.Naming;
using Fovea.Runs;
using Fovea.Training.Recipes;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea data preview</c>: a sheet of pictures as a recipe's training sees them.</summary>
internal static class DataPreviewCommand
{
    private const int MostImages = 64;
    private const int MostDraws = 32;
    private const int MixedRows = 2;

    private static readonly Option<int> s_images = new("--images")
    {
        Description = "How many images, chosen by the seed of the recipe", HelpName = "N", DefaultValueFactory = _ => 6,
    };

    private static readonly Option<string[]> s_pick = new("--pick")
    {
        Description = "An image to show, by its path within the data or its number, in place of chosen ones; may be repeated",
        HelpName = "KEY",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<int> s_draws = new("--draws")
    {
        Description = "How often each image is drawn: once for each repetition and epoch", HelpName = "M", DefaultValueFactory = _ => 7,
    };

    private static readonly Option<int> s_epoch = new("--epoch")
    {
        Description = "The epoch of the first draw, from 1", HelpName = "N", DefaultValueFactory = _ => 1,
    };

    private static readonly Option<string> s_out = new("--out", "-o") { Description = "The PNG file to write", HelpName = "FILE", Required = true };

    internal static Command Create() => new Command("preview", "Draw images as evaluation sees them and as training does, on one sheet")
        .With(RunFlags.Config, RunFlags.Data, s_out, RunFlags.Model, RecipeFlags.Set, s_images, s_pick, s_draws, s_epoch)
        .With(PreprocessingFlags.All)
        .With(DataFlags.All)
        .Runs(Run);

    private static int Run(Invocation call)
    {
        var (place, output) = (call.Value(RunFlags.Data)!, call.Value(s_out)!);
        var (count, draws) = (call.Within(s_images, 1, MostImages), call.Within(s_draws, 1, MostDraws));
        var first = call.Within(s_epoch, 1, int.MaxValue - MostDraws) - 1;
        if (call.Has(s_images) && call.Has(s_pick)) throw new UsageException("--images and --pick both say which images to show; wanted one of them");
        FileKind.Png.CheckTarget(output);
        if (Directory.Exists(place)) SeparateFolders.CheckFile("--out", output, place);
        var recipe = RunFlags.Recipe(call, "data preview");
        recipe = TrainingSetup.Resolve(recipe);
        var data = TrainingSetup.Images(recipe, DataFlags.Find(call, place), moved: [], call.Stop);
        foreach (var warning in data.Warnings) call.Report.Warning(warning);
        // Nothing is moved for a picture.
        if (recipe.Data.BadImages == BadImagePolicy.Quarantine) recipe = recipe with { Data = recipe.Data with { BadImages = BadImagePolicy.Skip } };
        PictureFont.Check(call.Report);
        using var preview = new AugmentationPreview(
            data.Train, epoch => recipe.TrainingPipelineAt(recipe.ImageSizeAt(epoch)), recipe.EvaluationPipeline, recipe.TrainingLoader());
        var chosen = call.Value(s_pick) is { Length: > 0 } picked ? [.. picked.Select(key => Find(data.Train, key))] : preview.Choose(count);
        var blocks = new PreviewBlocks(preview, data.Train, recipe, draws, first) { Stop = call.Stop };
        PreviewBlock[] all = [blocks.Augmented(chosen), .. blocks.Views(chosen, MixedRows), .. blocks.Mixed(MixedRows, call.Report.Warning)];
        var title = $"{Printable.Of(place)} by {(call.Value(RunFlags.Config) is { } file ? Path.GetFileName(file) : recipe.Model.Title)}";
        var png = PreviewSheet.Draw(title, Describe(recipe), all);
        AtomicFile.Write(output, stream => stream.Write(png));
        var more = string.Concat(all.Skip(1).Select(block => $"; {block.Heading}"));
        var past = blocks.Moments.Count(at => at.IsPast);
        var ended = past == 0 ? "" : $", {past} of them after the end of the recipe's {Amount.Of(recipe.Train.Epochs, "epoch")}";
        call.Report.Line($"{output}: {Amount.Of(chosen.Count, "image")} with {Amount.Of(draws, "draw")} each{ended}{more}");
        call.Report.Object(json =>
        {
            Write(json, data.Train, chosen, all, output);
            WriteDraws(json, blocks.Moments, recipe);
        });
        return ExitCodes.Ok;
    }

    private static string Describe(TrainRecipe recipe)
    {
        var steps = recipe.Augment.Transforms.Select(transform => transform.Kind).DefaultIfEmpty("no steps");
        var input = recipe.Preprocessing;
        return string.Create(
            CultureInfo.InvariantCulture, $"{string.Join(" → ", steps)}; input {input.Channels}×{input.Height}×{input.Width}, seed {recipe.Train.Seed}");
    }

    /// <summary>An image by its path, its number, or as much of the end of its path as the sheet shows.</summary>
    private static int Find(IImageSource images, string key)
    {
        var end = key.TrimStart('…', '.');
        var ending = new List<int>();
        for (var i = 0; i < images.Count; i++)
        {
            var (path, shown) = (images.Key(i), Printable.Line(images.Key(i)));
            if (path == key || shown == key) return i;
            if (end.Length > 0 && shown.EndsWith(end, StringComparison.Ordinal)) ending.Add(i);
        }

        if (int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < images.Count) return number;
        if (ending.Count == 1) return ending[0];
        var what = ending.Count == 0 ? "there is no such training image"
            : $"{ending.Count} training images end so, as {Printable.Of(images.Key(ending[0]))} and {Printable.Of(images.Key(ending[1]))}";
        throw new UsageException(
            $"--pick {Printable.Of(key)}: {what}; wanted a path within the data, as {Printable.Of(images.Key(0))}, or a number from 0 to {images.Count - 1}");
    }

    private static void Write(Utf8JsonWriter json, IImageSource images, IReadOnlyList<int> chosen, PreviewBlock[] blocks, string output)
    {
        json.WriteString("file", Path.GetFullPath(output));
        json.WriteStartArray("images");
        foreach (var index in chosen)
        {
            json.WriteStartObject();
            json.WriteNumber("number", index);
            json.WriteString("key", images.Key(index));
            json.WriteString("class", images.ClassNames[images.Label(index)]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("blocks");
        foreach (var block in blocks)
        {
            json.WriteStartObject();
            json.WriteString("heading", block.Heading);
            json.WriteNumber("rows", block.Rows.Count);
            json.WriteNumber("columns", block.Rows.Max(row => row.Tiles.Count));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteDraws(Utf8JsonWriter json, IReadOnlyList<(int Epoch, int Copy, bool IsPast)> moments, TrainRecipe recipe)
    {
        json.WriteStartArray("draws");
        foreach (var (epoch, copy, isPast) in moments)
        {
            json.WriteStartObject();
            json.WriteNumber("epoch", epoch + 1);
            json.WriteNumber("repetition", copy + 1);
            json.WriteNumber("image_size", recipe.ImageSizeAt(epoch));
            json.WriteBoolean("after_the_end", isPast);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
