using Fovea.Backends.OneDnn;

namespace Fovea.Parity.Tests;

/// <summary>Every network of Darknet that has a fixture, compared with what its programs print, store and compute. Run only when asked for: <c>./run.sh parity</c>.</summary>
public sealed class DarknetProgramTests
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "darknet");

    private static readonly string[] s_files = [.. Directory.GetFiles(s_folder, "*.json").Order(StringComparer.Ordinal)];

    /// <summary>The fixtures, in two halves for two processes.</summary>
    public static IEnumerable<TheoryDataRow<string>> Fixtures() => s_files.Select((path, i) =>
    {
        var id = Path.GetFileNameWithoutExtension(path);
        return new TheoryDataRow<string>(id).WithTrait("fixture", $"darknet/{id}").WithTrait("part", i % 2 == 0 ? "0" : "1");
    });

    [Theory(Explicit = true)]
    [MemberData(nameof(Fixtures))]
    public void Network_agrees_with_the_program_of_its_authors(string id)
    {
        var path = Path.Combine(s_folder, $"{id}.json");
        var results = DarknetFixture.Compare(File.ReadAllText(path), path, new OneDnnBackend(), s_folder);
        Assert.Equal("", string.Join('\n', results.Where(result => !result.Passed).Select(result => $"{result.Id}: {result.Failure}")));
    }

    [Fact]
    public void All_networks_are_there() => Assert.Equal(19, s_files.Length);
}
