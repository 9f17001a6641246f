using Fovea.Training.Checkpoints;
using Fovea.Training.Logging.Styles;
using Fovea.Training.State;

namespace Fovea.Training.Tests.Logging.Styles;

public class StyleFilesTests
{
    [Fact]
    public void Files_of_somebody_else_are_not_written_over()
    {
        using var folder = new TemporaryFolder();
        foreach (var style in LogStyle.All)
            foreach (var name in style.FilesOf("net"))
            {
                var place = folder.Path($"{style.Kind}/{name.Replace('/', '-')}");
                var path = Path.Combine(place, name);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllText(path, "theirs");
                var e = Assert.Throws<TrainingException>(() => RunFolder.Open(place, resume: false, style.FilesOf("net")));
                Assert.Contains($"holds {name}, which no run has written here", e.Message, StringComparison.Ordinal);
                Assert.Equal("theirs", File.ReadAllText(path));
            }
    }

    [Fact]
    public void All_files_that_a_style_names_are_there_after_a_run_and_no_others()
    {
        using var plain = new StyledRun().Train(new DarknetStyle(), epochs: 1);
        var usual = Files(plain);
        foreach (var style in LogStyle.All)
        {
            using var run = new StyledRun().Train(style, epochs: 1);
            Assert.Equal(style.FilesOf("tiny").Order(StringComparer.Ordinal), Files(run).Except(usual).Order(StringComparer.Ordinal));
        }
    }

    [Theory]
    [InlineData("net", "net")]
    [InlineData("recipe", "model")]
    [InlineData("../a b", "a_b")]
    [InlineData("..", "model")]
    [InlineData("runs/one.fovea", "one.fovea")]
    public void Name_of_a_model_is_a_file_in_the_folder(string model, string name) => Assert.Equal(name, StyleFiles.NameOf(model));

    private static IEnumerable<string> Files(StyledRun run) =>
        from path in Directory.GetFiles(run.Folder, "*", SearchOption.AllDirectories)
        let name = Path.GetRelativePath(run.Folder, path)
        where !name.StartsWith("events.", StringComparison.Ordinal)
        select name;
}
