using System.Text.Json;
using Fovea.Data.Parity;

namespace Fovea.Data.Tests.Augment;

/// <summary>Every case of the fixtures that torchvision and Pillow made: pixels byte for byte.</summary>
public sealed class AugmentFixtureTests
{
    private static readonly Dictionary<string, List<string?>> s_results = Results();

    public static TheoryData<string> Cases => [.. s_results.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_happens_to_images_is_what_torchvision_and_Pillow_do(string id) => Assert.All(s_results[id], Assert.Null);

    [Fact]
    public void No_case_of_the_fixtures_is_left_out()
    {
        using var pillow = Fixtures.Json("augment", "pillow.json");
        using var torchvision = Fixtures.Json("components", "augment.json");
        var operations = Count(pillow) + Count(torchvision);
        string[] tables =
        [
            "normalize", "resize_short_side_sizes", "center_crop_offsets", "randaugment_space_31_bins_32x32", "trivialaugment_wide_space_31_bins",
            "autoaugment_space_10_bins_32x32", "autoaugment_policy_imagenet", "autoaugment_policy_cifar10", "autoaugment_policy_svhn",
        ];
        Assert.Equal(operations + tables.Length, s_results.Values.Sum(results => results.Count));
        Assert.All(tables, table => Assert.Single(s_results[table]));

        static int Count(JsonDocument json) => json.RootElement.GetProperty("cases").GetArrayLength();
    }

    [Theory]
    [InlineData("\"op\": \"hflip\"", "\"op\": \"vflip\"", "vflip", "bytes are others")]
    [InlineData("\"op\": \"hflip\"", "\"op\": \"turn\"", "turn", "there is no operation of the name 'turn'")]
    [InlineData("[\"ShearX\", 0.9, 4]", "[\"ShearX\", 0.9, 5]", "autoaugment_policy_svhn", "pair 0 is ")]
    public void A_case_that_differs_is_told(string text, string other, string id, string failure)
    {
        using var json = Fixtures.Json("components", "augment.json");
        var plain = JsonSerializer.Serialize(json.RootElement);
        var (from, to) = (text.Replace(": ", ":", StringComparison.Ordinal).Replace(", ", ",", StringComparison.Ordinal),
            other.Replace(": ", ":", StringComparison.Ordinal).Replace(", ", ",", StringComparison.Ordinal));
        Assert.Contains(from, plain, StringComparison.Ordinal);
        using var changed = JsonDocument.Parse(plain.Replace(from, to, StringComparison.Ordinal));
        var found = AugmentFixture.Compare(new FixtureNode(changed.RootElement)).Where(result => result.Failure is not null).ToArray();
        Assert.All(found, result => Assert.Equal(id, result.Id));
        Assert.Contains(failure, found[0].Failure, StringComparison.Ordinal);
    }

    private static Dictionary<string, List<string?>> Results()
    {
        using var pillow = Fixtures.Json("augment", "pillow.json");
        using var torchvision = Fixtures.Json("components", "augment.json");
        var root = new FixtureNode(torchvision.RootElement);
        return AugmentFixture.Compare(root).Concat(PixelCases.Compare(new FixtureNode(pillow.RootElement)["cases"], PixelCases.Images(root["images"])))
            .GroupBy(result => result.Id, result => result.Failure).ToDictionary(group => group.Key, group => group.ToList());
    }
}
