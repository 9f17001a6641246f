using Fovea.Backends.OneDnn;
using Fovea.Execution;
using Fovea.Parity;

namespace Fovea.Darknet.Tests;

/// <summary>What Darknet's programs print and compute: all shapes and tables here, files of weights and results of the small networks.</summary>
[Trait("row", "S4-01")]
public class FixtureTests
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "fixtures");

    public static TheoryData<string> Fixtures => [.. Directory.GetFiles(s_folder, "*.json").Select(path => Path.GetFileNameWithoutExtension(path)!)];

    [Fact]
    public void All_are_there() => Assert.Equal(19, Fixtures.Count);

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void Shapes_table_and_counts_are_those_of_Darknet(string id) => Compare(id, FixtureParts.Structure, null, 6);

    [Theory]
    [InlineData("cifar", 13)]
    [InlineData("tiny", 13)]
    [InlineData("darknet", 13)]
    public void Weights_layers_logits_and_pictures_are_those_of_Darknet(string id, int parts) => Compare(id, FixtureParts.All, new OneDnnBackend(), parts);

    [Fact]
    public void A_fixture_that_says_otherwise_fails_by_name()
    {
        var text = File.ReadAllText(Path.Combine(s_folder, "tiny.json"))
            .Replace("\"bflops_total_printed\": 0.985", "\"bflops_total_printed\": 0.986", StringComparison.Ordinal)
            .Replace("\"params\": 1042104", "\"parameters\": 1, \"params\": 1042105", StringComparison.Ordinal)
            .Replace("   1 max                2x 2/ 2", "   1 max                2x 2/ 3", StringComparison.Ordinal);
        var failed = DarknetFixture.Compare(text, "tiny.json", null, s_folder, FixtureParts.Structure).Where(result => !result.Passed);
        Assert.Equal(["parameters", "params", "table", "total"], failed.Select(result => result.Id).Order(StringComparer.Ordinal));
    }

    private static void Compare(string id, FixtureParts parts, IBackend? backend, int count)
    {
        var path = Path.Combine(s_folder, $"{id}.json");
        var results = DarknetFixture.Compare(File.ReadAllText(path), path, backend, s_folder, parts);
        Assert.Equal("", string.Join('\n', results.Where(result => !result.Passed).Select(result => $"{result.Id}: {result.Failure}")));
        Assert.Equal(count, results.Count);
    }
}
