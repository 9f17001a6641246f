using Fovea.Import.Systems;

namespace Fovea.Import.Tests;

/// <summary>
/// The models that published configurations name (test/fixtures/names/configurations.csv, by <c>eng/import-corpus.sh</c>: MindCV 51b0636, PaddleClas d178931
/// and release/2.0), and which of the catalogue they are; empty for none.
/// </summary>
public sealed class PublishedModelsTests
{
    private static readonly string[][] s_lines =
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "fixtures", "names", "configurations.csv")).Skip(1).Select(line => line.Split(','))];

    [Fact]
    public void Names_of_published_configurations_are_the_models_that_they_were() => Assert.Equal(
        s_lines.Select(line => string.Join(',', line)),
        s_lines.Select(line => $"{line[0]},{line[1]},{ForeignSystems.All.Single(system => system.Name == line[0]).ModelOf(line[1])}"));

    /// <summary>Where another count is true, the page's tables are to be made anew.</summary>
    [Theory]
    [InlineData("MindCV")]
    [InlineData("PaddleClas")]
    [InlineData("PaddleClas 2.0")]
    public void Page_of_imports_says_how_many_models_of_published_configurations_there_are(string system)
    {
        var models = s_lines.Where(line => line[0] == system && line[2].Length > 0).Select(line => line[2]).Distinct(StringComparer.Ordinal).Count();
        var row = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "import.md")).Single(line => line.StartsWith($"| {system}, `", StringComparison.Ordinal));
        Assert.Contains($", of {models} models |", row, StringComparison.Ordinal);
    }
}
