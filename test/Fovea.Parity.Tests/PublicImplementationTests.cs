using System.Text;
using System.Text.Json;
using Fovea.Backends.OneDnn;
using Fovea.Models.Parity;
using Fovea.Tensors;

namespace Fovea.Parity.Tests;

/// <summary>
/// Every model that has a fixture, compared with what its public implementation computes: tensors, counts, logits, the deploy form, and of a step
/// of training the logits, the loss, the running statistics and the norms of all gradients. Run only when asked for: <c>./run.sh parity</c>.
/// </summary>
public sealed class PublicImplementationTests
{
    private static readonly OneDnnBackend s_backend = new();

    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "fixtures");

    private static readonly string[] s_files = [.. Directory.GetFiles(s_folder, "*.json").Order(StringComparer.Ordinal)];

    /// <summary>The fixtures, in two halves for two processes.</summary>
    public static IEnumerable<TheoryDataRow<string>> Fixtures() => s_files.Select((path, i) =>
    {
        var id = Path.GetFileNameWithoutExtension(path);
        return new TheoryDataRow<string>(id).WithTrait("fixture", id).WithTrait("part", i % 2 == 0 ? "0" : "1");
    });

    [Theory(Explicit = true)]
    [MemberData(nameof(Fixtures))]
    public void Model_in_fp32_agrees_with_its_public_implementation(string id) => Agrees(id, DType.Float32);

    [Theory(Explicit = true)]
    [MemberData(nameof(Fixtures))]
    public void Model_in_bf16_gives_the_logits_of_its_public_implementation(string id) => Agrees(id, DType.BFloat16);

    private static void Agrees(string id, DType precision)
    {
        var result = ParityRun.Compare(FixtureReader.Read(Path.Combine(s_folder, $"{id}.json")), s_backend, precision);
        TestContext.Current.TestOutputHelper!.WriteLine(Json(result));
        Assert.True(result.Passed, string.Join(Environment.NewLine, result.Failures));
        Assert.NotNull(result.LogitsRelativeError);
    }

    private static string Json(ParityResult result)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream)) result.Write(writer);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    [Fact]
    public void All_fixtures_are_there() => Assert.InRange(s_files.Length, 119, int.MaxValue);
}
