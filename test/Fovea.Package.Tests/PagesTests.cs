using System.Text.RegularExpressions;
using Fovea.Options;
using Fovea.Package.Tests.Runs;
using Fovea.Recipes;
using Fovea.Runs;
using Fovea.Training;
using Fovea.Training.Logging;
using Fovea.Training.Recipes;
using Programs;

namespace Fovea.Package.Tests;

/// <summary>What the pages show is the code that stands in <c>Programs</c>, and it does what they say.</summary>
public sealed partial class PagesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("src/Fovea/README.md", "TrainingProgram.cs", 1)]
    [InlineData("docs/programs.md", "TrainingProgram.cs", 1)]
    [InlineData("docs/programs.md", "LoopProgram.cs", 1)]
    [InlineData("docs/first-day.md", "ChoiceProgram.cs", 1)]
    [InlineData("docs/extending.md", "SignSgd.cs", 1)]
    [InlineData("docs/extending.md", "PolyLoss.cs", 1)]
    [InlineData("docs/extending.md", "Trapezoid.cs", 1)]
    [InlineData("docs/extending.md", "Speckle.cs", 1)]
    [InlineData("docs/extending.md", "ExtendedProgram.cs", 1)]
    public void A_page_shows_the_code_that_is_compiled_here(string page, string source, int times)
    {
        var code = Lines(File.ReadAllText(InRepository($"test/Fovea.Package.Tests/Programs/{source}")));
        var shown = Blocks(page, "csharp").Count(block => Shows(code, Lines(block)));
        Assert.True(shown == times, $"{page} has {shown} blocks of {source}; wanted {times} with the same lines");
    }

    [Fact]
    public void All_code_of_the_page_on_extending_is_compiled_here()
    {
        var all = Directory.EnumerateFiles(InRepository("test/Fovea.Package.Tests/Programs"), "*.cs").Select(file => Lines(File.ReadAllText(file))).ToList();
        Assert.Equal(5, Blocks("docs/extending.md", "csharp").Count);
        Assert.All(Blocks("docs/extending.md", "csharp"), block => Assert.Contains(all, code => Shows(code, Lines(block))));
        Assert.All(Blocks("docs/programs.md", "csharp"), block => Assert.Contains(all, code => Shows(code, Lines(block))));
    }

    [Fact]
    public void The_program_of_the_page_trains_ships_and_recognises_a_picture()
    {
        File.WriteAllText(_folder.Path("recipe.yaml"), TinyImages.Recipe);
        var (data, run) = (TinyImages.Make(_folder), _folder.Path("run"));

        TrainingProgram.Run([_folder.Path("recipe.yaml"), data, run, Path.Combine(data, "val/red/100.png")]);

        Assert.Contains(TrainingProgram.Lines, line => line.StartsWith("epoch 10/10 done", StringComparison.Ordinal));
        Assert.Matches("^best in epoch [0-9]+: top-1 ", TrainingProgram.Lines[^2]);
        Assert.Matches(@"^(red|green|blue) \([0-9.]+ %\)$", TrainingProgram.Lines[^1]);
        var again = TrainRecipe.Load(Path.Combine(run, "again.yaml"));
        Assert.Equal((10, "repvgg", 32), (again.Train.Epochs, again.Model.Name, again.Data.ImageSize));
    }

    [Fact]
    public void The_loop_of_the_page_trains_without_a_folder()
    {
        var recipe = RecipeReader.Parse(TinyImages.Recipe, "tiny.yaml");
        var lines = new List<string>();
        var best = LoopProgram.Run(recipe, TinyImages.Make(_folder), new TextLog(lines.Add));
        Assert.InRange(best, 0, 1);
        Assert.Contains(lines, line => line.StartsWith("epoch 2/2 done", StringComparison.Ordinal));
    }

    [Fact]
    public void The_choice_of_the_page_is_a_recipe_that_trains()
    {
        TinyImages.Make(_folder);
        ChoiceProgram.Run([_folder.Path("data"), _folder.Path("recipe.yaml")]);
        Assert.Contains(ChoiceProgram.Lines, line => line.StartsWith("model: ", StringComparison.Ordinal));
        var recipe = TrainRecipe.Load(_folder.Path("recipe.yaml"), RecipeOverride.Parse("train.epochs=1"), RecipeOverride.Parse("schedule.warmup_epochs=0"));
        using var run = new TrainingRun(recipe, new RunPlace(_folder.Path("data"), _folder.Path("run")));
        Assert.Equal(TrainingEnd.Finished, run.Train(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void The_tricks_of_the_page_train_by_its_recipe_and_resume()
    {
        var (file, data) = (PageRecipe(), TinyImages.Make(_folder));
        using (var run = ExtendedProgram.Open(file, data, _folder.Path("run"), new CompositeLog()))
        {
            Assert.Equal(
                (new SignSgd { LearningRate = 0.001, WeightDecay = 0.1, Momentum = 0.95 }, new PolyLoss { Epsilon = 2 }),
                ((SignSgd)run.Recipe.Optimizer, (PolyLoss)run.Recipe.Loss));
            Assert.Equal(new Trapezoid { Fall = 0.4, WarmupEpochs = 1 }, run.Recipe.Schedule);
            Assert.Contains(new Speckle { Share = 0.05 }, run.Recipe.Augment.Transforms);
            Assert.Equal(TrainingEnd.Finished, run.Train(TestContext.Current.CancellationToken));
        }

        Assert.Contains(SlotsOf(_folder.Path("run")), name => name.StartsWith("sign_v/", StringComparison.Ordinal));

        using var second = ExtendedProgram.Open(Longer(file), data, _folder.Path("run"), new CompositeLog());
        Assert.Equal(TrainingEnd.Finished, second.Train(TestContext.Current.CancellationToken));
        Assert.Equal(second.Recipe.Train.Epochs, second.State.Epoch);
        Assert.InRange(second.Validate(stop: TestContext.Current.CancellationToken).Top1, 0, 1);
    }

    [Fact]
    public void A_recipe_with_tricks_of_a_program_is_read_by_a_program_that_has_them_alone()
    {
        var file = PageRecipe();
        var wrong = Assert.Throws<RecipeException>(() => TrainRecipe.Load(file));
        Assert.Contains("sign_sgd", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("speckle", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_of_tricks_are_checked_with_their_place_in_the_file()
    {
        var kinds = RecipeKinds.Default.With(new SignSgd()).With(new PolyLoss()).With(new Trapezoid()).With(new Speckle());
        var wrong = Assert.Throws<RecipeException>(() => RecipeReader.Parse(
            "optimizer: {kind: sign_sgd, momentum: 1}\nloss: {kind: poly, epsilon: -2}\nschedule: {kind: trapezoid, fall: 0}\n"
            + "augment: {transforms: [{kind: speckle, share: 2}]}\n",
            "x.yaml", kinds));
        Assert.Equal(
            ["augment.transforms[0].share is 2", "loss.epsilon is -2", "optimizer.momentum is 1", "schedule.fall is 0"],
            wrong.Message.Split('\n').Select(line => line.Split(": ", 2)[1].Split(';')[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_page_names_every_check_of_options()
    {
        var page = File.ReadAllText(InRepository("docs/extending.md"));
        var checks = typeof(OptionChecks).GetMethods().Where(method => method.DeclaringType == typeof(OptionChecks)).Select(method => method.Name).Distinct();
        Assert.All(checks, name => Assert.Contains($"`{name}(", page, StringComparison.Ordinal));
    }

    [Fact]
    public void The_page_names_every_base_of_alternatives()
    {
        var page = File.ReadAllText(InRepository("docs/extending.md"));
        var bases = new[] { typeof(TrainRecipe).Assembly, typeof(Fovea.Data.Augment.Transform).Assembly }.SelectMany(assembly => assembly.GetExportedTypes())
            .Where(type => type.IsAbstract && type.IsAssignableTo(typeof(IAlternative)) && !type.BaseType!.IsAssignableTo(typeof(IAlternative)));
        Assert.All(bases, type => Assert.Contains($"`{type.Name}`", page, StringComparison.Ordinal));
    }

    private static IEnumerable<string> SlotsOf(string run) =>
        Fovea.Training.Checkpoints.RunFolder.CheckpointsOf(run).LoadLatest(text => Assert.Fail(text))!.Tensors.Select(entry => entry.Name);

    /// <summary>The recipe of the page on a net and images that take little time.</summary>
    private string PageRecipe()
    {
        var text = Assert.Single(Blocks("docs/extending.md", "yaml"));
        var file = _folder.Path("tricks.yaml");
        File.WriteAllText(file, text + TinyImages.Recipe.Replace("optimizer: {kind: sgd, learning_rate: 0.05}\n", "", StringComparison.Ordinal));
        return file;
    }

    private static string Longer(string file)
    {
        File.WriteAllText(file, File.ReadAllText(file).Replace("epochs: 2,", "epochs: 3,", StringComparison.Ordinal));
        return file;
    }

    private static List<string> Blocks(string page, string language) => [.. Block().Matches(File.ReadAllText(InRepository(page)))
        .Where(match => match.Groups["language"].Value == language).Select(match => match.Groups["text"].Value)];

    private static string[] Lines(string text) => [.. text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];

    /// <summary>Whether the lines of a block stand in a file: its imports somewhere, all else one after the other.</summary>
    private static bool Shows(string[] code, string[] block)
    {
        var imports = block.TakeWhile(IsImport).ToArray();
        var rest = block[imports.Length..];
        return imports.All(code.Contains) && (imports.Length == 0 || code.Where(IsImport).All(imports.Contains))
            && rest.Length > 0 && Enumerable.Range(0, Math.Max(0, code.Length - rest.Length + 1)).Any(at => code.AsSpan(at, rest.Length).SequenceEqual(rest));
    }

    private static bool IsImport(string line) => line.StartsWith("using ", StringComparison.Ordinal) && line.EndsWith(';') && !line.Contains('=');

    private static string InRepository(string path)
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Fovea.slnx"))) folder = Path.GetDirectoryName(folder)!;
        return Path.Combine(folder, path);
    }

    [GeneratedRegex(@"^```(?<language>\w+)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
