using Fovea.Cli.Output;

namespace Fovea.Cli.Tests.Recipes;

/// <summary>Every recipe that is shipped trains.</summary>
public sealed class ShippedRecipesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(RecipeFilesTests.Configs), MemberType = typeof(RecipeFilesTests))]
    public void Every_shipped_recipe_takes_two_steps(string file)
    {
        using var stop = new CancellationTokenSource();
        using var output = new StoppingWriter("  step 2  ", stop);
        using var error = new StringWriter();
        string[] small = ["--set", "train.batch_size=2", "--set", "train.log_every=1", "--set", "data.image_size=64", "--set", "data.workers=1"];
        var code = Tool.Run(
            ["train", "-c", Repository.Path(file), "--data", TinyData.Make(_folder, train: 2, validation: 1), "--out", _folder.Path("run"), .. small],
            new Terminal(output, error), stop.Token);
        Assert.Equal("", error.ToString());
        Assert.Equal(130, code);
        Assert.Equal(2, Weights.Latest(_folder.Path("run")).State.Step);
    }

    /// <summary>Asks to stop at the first line that holds a text.</summary>
    private sealed class StoppingWriter(string text, CancellationTokenSource stop) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value?.Contains(text, StringComparison.Ordinal) == true) stop.Cancel();
        }
    }
}
