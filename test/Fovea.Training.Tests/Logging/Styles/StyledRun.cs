using System.Globalization;
using Fovea.Training.Checkpoints;
using Fovea.Training.Logging;
using Fovea.Training.Logging.Styles;
using Fovea.Training.Recipes;

namespace Fovea.Training.Tests.Logging.Styles;

/// <summary>A small run of six classes in a folder, told in a style: what is printed, the files, and the table of our own to hold them against.</summary>
internal sealed class StyledRun : IDisposable
{
    internal static readonly string[] Classes = ["ant", "bee", "cat", "dog", "eel", "fox"];

    private readonly TemporaryFolder _folder = new();

    internal string Folder => _folder.Path("run");

    /// <summary>All lines that were printed so far.</summary>
    internal List<string> Lines { get; } = [];

    /// <summary>The rows of metrics.csv, by the names of its columns.</summary>
    internal IReadOnlyList<IReadOnlyDictionary<string, double>> Metrics => [.. Rows()];

    internal string Text(string file) => File.ReadAllText(Path.Combine(Folder, file));

    /// <summary>Trains up to a number of epochs, going on with what is there.</summary>
    internal StyledRun Train(LogStyle style, int epochs = 2, Func<TrainRecipe, TrainRecipe>? change = null, string? warning = null)
    {
        var recipe = Runs.Recipe(epochs);
        recipe = recipe with { Train = recipe.Train with { LogEvery = 2, ClipGradientNorm = 0 } };
        using var folder = RunFolder.Open(Folder, resume: true);
        var options = Runs.Options((change ?? (same => same))(recipe), folder.Checkpoints, Images, batch => TinyModel.Net(batch, Classes.Length)) with
        {
            Validation = new MemoryBatches(13, 4, Classes.Length, seed: 2, shuffles: false), Classes = Classes, ClassCounts = [3, 3, 3, 3, 3, 3],
            Folder = folder.Path, Data = "/data/tiny", GradientNorm = style.WantsGradientNorm,
        };
        using var trainer = new Trainer(options);
        using var files = new FolderLogs(folder, trainer.State, TimeProvider.System);
        using var styled = new StyledLog(style, line => Lines.AddRange(line.Split('\n')), TimeProvider.System);
        if (warning is not null) styled.Warning(warning);
        Assert.Equal(TrainingEnd.Finished, trainer.Run(new CompositeLog(Assert.Fail, files, styled), TestContext.Current.CancellationToken));
        return this;
    }

    /// <summary>18 images in batches of 4: the fifth batch has two.</summary>
    private static MemoryBatches Images => new(18, 4, Classes.Length);

    public void Dispose() => _folder.Dispose();

    private IEnumerable<IReadOnlyDictionary<string, double>> Rows()
    {
        var lines = Text("metrics.csv").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(',')).ToArray();
        foreach (var row in lines.Skip(1))
            yield return lines[0].Zip(row).Where(cell => cell.Second.Length > 0)
                .ToDictionary(cell => cell.First, cell => double.Parse(cell.Second, CultureInfo.InvariantCulture));
    }
}
