using System.Globalization;
using Fovea.Images;

namespace Fovea.Models.Tests;

/// <summary>The rows against a table of what timm, torchvision and the authors publish (<c>fixtures/preprocessing.csv</c>).</summary>
public sealed class PublishedPreprocessingTests
{
    /// <summary>Forms of RepVGG of which nobody has published weights, let alone what images they want.</summary>
    private static readonly string[] s_unpublished =
    [
        "repoptvgg_csla", "repoptvgg_hs", "repoptvgg_repvgg", "repoptvgg_target", "repvgg", "repvgg_m0", "repvgg_m1", "repvgg_n0", "repvgg_n1", "repvgg_n2",
        "repvgg_n3", "repvgg_n4",
    ];

    private static readonly Dictionary<string, string[]> s_published = File.ReadLines(Path.Combine(Fixtures.Folder, "preprocessing.csv"))
        .Where(line => !line.StartsWith('#')).Select(line => line.Split(',')).ToDictionary(fields => fields[0], StringComparer.Ordinal);

    public static TheoryData<string> Names() => [.. s_published.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Row_wants_the_images_that_its_weights_were_published_for(string name)
    {
        var (fields, row) = (s_published[name], ModelCatalog.Find(name).Preprocessing);
        var (size, side) = (int.Parse(fields[1], CultureInfo.InvariantCulture), int.Parse(fields[2], CultureInfo.InvariantCulture));
        Assert.Equal((Fit.Crop, size, size, side), (row.Fit, row.Height, row.Width, row.ShorterSide));
        Assert.Equal(Enum.Parse<Interpolation>(fields[3], ignoreCase: true), row.Interpolation);
        Close(fields[4], row.Mean);
        Close(fields[5], row.Std);
    }

    [Fact]
    public void Every_row_has_a_published_preprocessing_or_is_known_to_have_none() =>
        Assert.Equal(s_unpublished, ModelCatalog.All.Select(row => row.Name).Where(name => !s_published.ContainsKey(name)).Order(StringComparer.Ordinal));

    private static void Close(string published, IReadOnlyList<double> row)
    {
        var numbers = published.Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(numbers.Length, row.Count);
        for (var c = 0; c < numbers.Length; c++) Assert.Equal(numbers[c], row[c], 1e-9);
    }
}
