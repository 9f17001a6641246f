using System.Text.Json;
using Fovea.Models;

namespace Fovea.Cli.Tests;

public class ModelsTests
{
    [Fact]
    public void The_whole_catalogue_is_listed_with_its_counts()
    {
        var rows = Listed();
        Assert.Equal(ModelCatalog.All.Select(row => row.Name), rows.Select(Name));
        var row = rows.Single(row => Name(row) == "resnet18");
        Assert.Equal(11689512, row.GetProperty("params").GetInt64());
        Assert.Equal(1814073344, row.GetProperty("macs").GetInt64());
        Assert.Equal(224, row.GetProperty("image_size").GetInt32());
    }

    [Fact]
    public void A_filter_takes_parts_of_names_and_of_families()
    {
        Assert.Contains("resnet18", Listed("net18").Select(Name));
        var family = ModelCatalog.All.Where(row => row.Family == "mixnet").Select(row => row.Name).ToList();
        Assert.NotEmpty(family);
        Assert.Equal(family, Listed("MixNet").Select(Name).Intersect(family));
    }

    [Fact]
    public void A_filter_that_nothing_has_is_answered_with_the_nearest() => Shell.Fails(
        2, $"no model has 'repvg_a0' in its name or family; did you mean 'repvgg_a0'? ('fovea models' lists all {ModelCatalog.All.Count})",
        "models", "repvg_a0");

    [Theory]
    [InlineData("repvg_a0", "; did you mean 'repvgg_a0'?")]
    [InlineData("mixnet", "; with 'mixnet' in name or family there are mixnet_l, mixnet_m, mixnet_s, mixnet_xl, mixnet_xxl and 3 more")]
    [InlineData("CIFAR_VIT", "; with 'CIFAR_VIT' in name or family there are cifar_vision_transformer")]
    [InlineData("unheard-of", "")]
    public void A_model_that_there_is_not_is_answered_with_those_that_may_be_meant(string name, string hint) =>
        Shell.Fails(2, $"there is no model '{name}'{hint} ('fovea models' lists all {ModelCatalog.All.Count})", "cost", name);

    [Fact]
    public void The_page_on_models_is_what_the_catalogue_says()
    {
        var page = Repository.Path("docs/models.md");
        var text = Shell.Run("models", "--markdown").Out;
        Assert.True(File.Exists(page) && File.ReadAllText(page) == text, $"{page} is out of date: ./fovea models --markdown > docs/models.md");
    }

    [Fact]
    public void The_page_on_adding_a_model_quotes_the_source_of_one()
    {
        var quoted = File.ReadAllText(Repository.Path("docs/adding.md")).Split("```csharp\n").Skip(1)
            .Select(rest => rest[..rest.IndexOf("```", StringComparison.Ordinal)]).ToList();
        Assert.NotEmpty(quoted);
        var source = File.ReadAllText(Repository.Path("src/Fovea.Models/ImageNet/SqueezeNet.cs"));
        Assert.All(quoted, lines => Assert.Contains(lines, source, StringComparison.Ordinal));
    }

    private static List<JsonElement> Listed(params string[] filter) =>
        [.. Shell.Run(["models", .. filter, "--json"]).Json.GetProperty("models").EnumerateArray()];

    private static string Name(JsonElement row) => row.GetProperty("name").GetString()!;
}
