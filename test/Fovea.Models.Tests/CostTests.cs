using Fovea.Analysis;
using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Models.ImageNet;
using Fovea.Passes;

namespace Fovea.Models.Tests;

public class CostTests
{
    /// <summary>The published table of small RepVGG variants: Params, Max Memory Cost, Flops.</summary>
    [Theory]
    [InlineData("repvgg_a0", "7.142M", 2261.25, "stage4.0", "202.337M", 348451072)]
    [InlineData("repvgg_n0", "9.784M", 1192.5, "stage4.0", "268.466M", 573465088)]
    [InlineData("repvgg_n1", "621.369K", 245.4375, "stage0", "67.117M", 36866176)]
    [InlineData("repvgg_n2", "2.459M", 490.875, "stage0", "134.233M", 144732416)]
    [InlineData("repvgg_n3", "877.113K", 328.5, "stage4.0", "67.540M", 40439296)]
    [InlineData("repvgg_n4", "2.777M", 616.5, "stage4.0", "134.515M", 149473792)]
    [InlineData("repvgg_m0", "4.768M", 2344.5, "stage4.1", "252.956M", 206594560)]
    [InlineData("repvgg_m1", "17.740M", 14501.25, "stage4.1", "191.220M", 356782336)]
    public void Deploy_form_at_112_pixels_has_the_published_numbers(string name, string @params, double kibibytes, string layer, string published, long macs)
    {
        var deploy = Deploy.Structure(ModelCatalog.Build(name, new ModelOptions { Classes = 89, ImageSize = 112 }));
        var (cost, largest) = (CostAnalysis.Of(deploy), OnChipMemory.Largest(deploy));
        Assert.Equal(@params, CountFormat.Short(cost.Params));
        Assert.Equal(cost.Params, cost.ParamsWithStatistics);
        Assert.Equal(kibibytes, largest.Kibibytes);
        Assert.Equal($"{layer}.rbr_reparam", RepVgg.Official.FromCatalogue(largest.Path));
        Assert.Equal(published, CountFormat.Short(PublishedFlops.Of(deploy)));
        Assert.Equal(macs, cost.Macs);
    }

    [Fact]
    public void Training_form_counts_statistics_apart()
    {
        var cost = CostAnalysis.Of(ModelCatalog.Build("resnet18"));
        Assert.Equal(11_689_512, cost.Params);
        Assert.Equal(11_689_512 + (2 * 4800), cost.ParamsWithStatistics);
        Assert.Equal(1_814_073_344, cost.Macs);
        Assert.True(cost.Flops > 2 * cost.Macs);
    }

    /// <summary>What timm's model counts, layer by layer, with the two layers that make the biases of positions.</summary>
    [Fact]
    public void Layers_that_make_a_table_count_though_no_image_changes_them() =>
        Assert.Equal(2_594_052_864, CostAnalysis.Of(ModelCatalog.Build("coatnet_rmlp_nano_rw_224")).Macs);

    /// <summary>The largest rows, of which there are no fixtures, count what timm's models do, to the number.</summary>
    [Theory]
    [InlineData("coatnet_4_224", 275_425_288, 62_316_840_960)]
    [InlineData("coatnet_5_224", 687_472_008, 145_264_287_744)]
    [InlineData("regnety_640", 281_378_786, 188_220_945_216)]
    public void Largest_rows_count_what_the_public_models_do(string name, long parameters, long macs)
    {
        var cost = CostAnalysis.Of(ModelCatalog.Build(name));
        Assert.Equal((parameters, macs), (cost.Params, cost.Macs));
    }

    [Fact]
    public void Node_costs_sum_to_the_whole()
    {
        var cost = CostAnalysis.Of(ModelCatalog.Build("resnet20"));
        Assert.Equal(cost.Params, cost.Nodes.Sum(node => node.Params));
        Assert.Equal(cost.Macs, cost.Nodes.Sum(node => node.Macs));
        Assert.Equal(cost.ActivationBytes, cost.Nodes.Sum(node => node.ActivationBytes));
        Assert.Equal(9 * 3 * 16 * 32 * 32, cost.Nodes.Single(node => node is { Path: "conv1", Op: "conv2d" }).Macs);
    }

    [Fact]
    public void Norm_after_a_layer_counts_as_its_bias()
    {
        var before = OnChipMemory.Of(ModelCatalog.Build("resnet20"));
        var after = OnChipMemory.Of(Deploy.Structure(ModelCatalog.Build("resnet20")));
        Assert.Equal(before, after);
        Assert.Equal(new LayerMemory("conv1", 9 * 3 * 16, 16, 16 * 32 * 32), before[0]);
        Assert.Equal(new LayerMemory("linear", 640, 10, 10), before[^1]);
    }

    [Fact]
    public void Memory_is_of_one_image_whatever_the_batch() =>
        Assert.Equal(OnChipMemory.Of(ModelCatalog.Build("resnet20")), OnChipMemory.Of(ModelCatalog.Build("resnet20", batch: 8)));

    [Theory]
    [InlineData(999, "999")]
    [InlineData(1500, "1.500K")]
    [InlineData(7_142_393, "7.142M")]
    [InlineData(1_814_073_344, "1.814G")]
    public void Counts_print_with_three_decimals_in_their_unit(long count, string text) => Assert.Equal(text, CountFormat.Short(count));

    [Fact]
    public void Graph_without_layers_has_no_largest()
    {
        var message = Assert.Throws<GraphException>(() => OnChipMemory.Largest(new Graph("empty"))).Message;
        Assert.Equal("the graph 'empty' has neither a convolution nor a linear layer", message);
    }
}
