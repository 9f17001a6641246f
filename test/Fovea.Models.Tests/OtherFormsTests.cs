using System.Text.RegularExpressions;
using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Passes;

namespace Fovea.Models.Tests;

/// <summary>Graphs with another classifier, or for another image size, are those that a builder makes.</summary>
public sealed partial class OtherFormsTests
{
    public static TheoryData<string> Names() => [.. ModelCatalog.All.Select(row => row.Name)];

    /// <summary>How names of nets begin whose parameters belong to places of the image, and why.</summary>
    private static readonly Dictionary<string, string> s_fixed = new(StringComparer.Ordinal)
    {
        ["cifar_coatnet"] = "tables of relative positions", ["coatnet"] = "tables of relative positions", ["cifar_swin"] = "windows of tokens",
        ["swin_"] = "windows of tokens", ["swinv2_"] = "windows of tokens", ["vit_"] = "embedded positions", ["cifar_vision_transformer"] = "embedded positions",
        ["mobilevit_"] = "patches of tokens", ["cifar_mobilevit"] = "patches of tokens", ["cifar_ge_"] = "upsampling to a size that follows no ratio",
        ["googlenet"] = "auxiliary heads of flattened images", ["cifar_lenet"] = "flattened images", ["mnist_lenet"] = "flattened images",
        ["airbench94"] = "flattened images", ["cifar_rir"] = "flattened images",
        ["cifar_toynet"] = "flattened images", ["cifar_vgg"] = "flattened images, without a pool in front",
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Model_with_a_replaced_classifier_is_the_model_that_is_built_for_these_classes(string name)
    {
        var (wanted, replaced) = (Built(name, classes: 7), new ReplaceClassifier(7).Apply(Built(name, classes: 5)));
        Assert.Equal(wanted.Output("logits").Type, replaced.Output("logits").Type);
        // In front of its last layer it has others whose width follows from the number of classes.
        if (name != "cifar_rir") Assert.Equal(Text(wanted), Text(replaced));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Model_for_another_image_size_is_the_model_that_is_built_for_it_or_refused(string name)
    {
        var row = ModelCatalog.Find(name);
        var size = row.ImageSize + 64;
        try
        {
            Assert.Equal(Built(name, 5, size).ToString(), new ResizeImages(size, size).Apply(Built(name, 5)).ToString());
            Assert.DoesNotContain(s_fixed.Keys, name.StartsWith);
        }
        catch (GraphException e)
        {
            Assert.True(s_fixed.Keys.Any(name.StartsWith), e.Message);
        }
    }

    private static Graph Built(string name, int classes, int? size = null)
    {
        var row = ModelCatalog.Find(name);
        var options = new ModelOptions { ImageSize = size ?? row.ImageSize, DropRate = 0.1, Classes = classes };
        if (row.IsFreeForm) options = options with { NumBlocks = [1, 2, 1, 1], WidthMultiplier = [0.25, 0.25, 0.5, 0.5] };
        return row.Build(options);
    }

    /// <summary>The graph without the bounds of drawn weights, which some builders make of the number of classes.</summary>
    private static string Text(Graph graph) => Bounds().Replace(graph.ToString(), "uniform(…)");

    [GeneratedRegex(@"uniform\([^)]*\)")]
    private static partial Regex Bounds();
}
