using Fovea.Analysis;
using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Models.Tests;

public class InvertedResidualNetTests
{
    /// <summary>Counts of timm 1.0.29 and torchvision 0.21 for members of the families that have no fixture, at their own image sizes.</summary>
    [Theory]
    [InlineData("efficientnet_b2", 9109994, 859853760, 439)]
    [InlineData("efficientnet_b3", 12233232, 1589198096, 496)]
    [InlineData("efficientnet_b4", 19341616, 3063687008, 610)]
    [InlineData("efficientnet_b5", 30389784, 9404374080, 738)]
    [InlineData("efficientnet_b6", 43040704, 19067593536, 852)]
    [InlineData("efficientnet_b7", 66347960, 37745884192, 1037)]
    [InlineData("efficientnet_lite0", 4652008, 385187552, 247)]
    [InlineData("efficientnet_lite1", 5416680, 600185232, 322)]
    [InlineData("efficientnet_lite2", 6092072, 859736272, 322)]
    [InlineData("efficientnet_lite3", 8197096, 1607554544, 367)]
    [InlineData("efficientnet_lite4", 13006568, 3943564112, 457)]
    [InlineData("efficientnetv2_m", 54139356, 10931712384, 963)]
    [InlineData("efficientnetv2_rw_s", 23941296, 4862701312, 682)]
    [InlineData("efficientnetv2_rw_t", 13649388, 1912879840, 653)]
    [InlineData("efficientnetv2_s", 21458488, 4707823040, 672)]
    [InlineData("ghostnet_050", 2587292, 42328152, 432)]
    [InlineData("ghostnet_130", 7358820, 227003256, 432)]
    [InlineData("mixnet_xl", 11896768, 904010880, 514)]
    [InlineData("mixnet_xxl", 23961752, 1992725184, 531)]
    [InlineData("mnasnet0_5", 2218512, 104455968, 262)]
    [InlineData("mnasnet0_75", 3170208, 215493104, 262)]
    [InlineData("mnasnet1_3", 6282256, 526362432, 262)]
    [InlineData("mnasnet_050", 2218512, 104455968, 262)]
    [InlineData("mnasnet_075", 3170208, 215493104, 262)]
    [InlineData("mnasnet_100", 4383312, 314415872, 262)]
    [InlineData("mnasnet_140", 7115728, 588799408, 262)]
    [InlineData("mnasnet_small", 2030264, 68339184, 272)]
    [InlineData("mobilenetv2_035", 1677128, 59285808, 262)]
    [InlineData("mobilenetv2_050", 1968680, 97131840, 262)]
    [InlineData("mobilenetv2_075", 2636424, 209069792, 262)]
    [InlineData("mobilenetv2_110d", 4516520, 430516080, 337)]
    [InlineData("mobilenetv2_120d", 5831144, 668857568, 397)]
    [InlineData("mobilenetv2_140", 6108776, 582195824, 262)]
    [InlineData("mobilenetv3_large_075", 3993528, 154560624, 266)]
    [InlineData("mobilenetv3_large_150d", 14622320, 1010021120, 368)]
    [InlineData("mobilenetv3_rw", 5479918, 216587936, 265)]
    [InlineData("mobilenetv3_small_050", 1593224, 24188688, 210)]
    [InlineData("mobilenetv3_small_075", 2041872, 43399344, 210)]
    [InlineData("mobilenetv3_small_100", 2542856, 56510400, 210)]
    [InlineData("semnasnet_050", 2082006, 103162992, 279)]
    [InlineData("semnasnet_075", 2912278, 223448480, 279)]
    [InlineData("semnasnet_100", 3887038, 311579072, 279)]
    [InlineData("semnasnet_140", 6105992, 586317952, 279)]
    [InlineData("tf_efficientnet_b0", 5288548, 385814752, 311)]
    [InlineData("tf_efficientnet_b1", 7794184, 686802832, 439)]
    [InlineData("tf_efficientnet_b2", 9109994, 993561872, 439)]
    [InlineData("tf_efficientnet_b3", 12233232, 1827141392, 496)]
    [InlineData("tf_efficientnet_b4", 19341616, 4393771024, 610)]
    [InlineData("tf_efficientnet_b5", 30389784, 10266384752, 738)]
    [InlineData("tf_efficientnet_b6", 43040704, 19067593536, 852)]
    [InlineData("tf_efficientnet_b7", 66347960, 37745884192, 1037)]
    [InlineData("tf_efficientnet_lite0", 4652008, 385187552, 247)]
    [InlineData("tf_efficientnet_lite1", 5416680, 600185232, 322)]
    [InlineData("tf_efficientnet_lite2", 6092072, 859736272, 322)]
    [InlineData("tf_efficientnet_lite3", 8197096, 1607554544, 367)]
    [InlineData("tf_efficientnet_lite4", 13006568, 3943564112, 457)]
    [InlineData("tf_efficientnetv2_b0", 7139704, 528186752, 361)]
    [InlineData("tf_efficientnetv2_b1", 8141052, 747003008, 443)]
    [InlineData("tf_efficientnetv2_b2", 10096086, 1043476528, 462)]
    [InlineData("tf_efficientnetv2_b3", 14358406, 1908036640, 538)]
    [InlineData("tf_efficientnetv2_m", 54139356, 15736775680, 963)]
    [InlineData("tf_efficientnetv2_s", 21458488, 5307561248, 672)]
    [InlineData("tf_mixnet_l", 7329252, 555251792, 421)]
    [InlineData("tf_mixnet_m", 5014382, 339172672, 421)]
    [InlineData("tf_mixnet_s", 4134606, 239173360, 347)]
    [InlineData("tf_mobilenetv3_large_075", 3993528, 154560624, 266)]
    [InlineData("tf_mobilenetv3_large_100", 5483032, 216589760, 266)]
    [InlineData("tf_mobilenetv3_large_minimal_100", 3924288, 209136704, 234)]
    [InlineData("tf_mobilenetv3_small_075", 2041872, 43399344, 210)]
    [InlineData("tf_mobilenetv3_small_100", 2542856, 56510400, 210)]
    [InlineData("tf_mobilenetv3_small_minimal_100", 2044736, 52288448, 174)]
    public void Member_without_a_fixture_has_the_counts_of_the_public_implementation(string name, long parameters, long macs, int tensors)
    {
        var graph = ModelCatalog.Build(name);
        var cost = CostAnalysis.Of(graph);
        Assert.Equal((parameters, macs), (cost.Params, cost.Macs));
        Assert.Equal(tensors, graph.Variables.Count(value => value.Variable!.Kind is VariableKind.Parameter or VariableKind.State));
    }

    [Fact]
    public void Weights_start_as_in_timm()
    {
        var graph = ModelCatalog.Build("efficientnet_b0");
        Assert.Equal(Normal(9 * 32), Initial(graph, "conv_stem.weight"));
        Assert.Equal(Normal(9), Initial(graph, "blocks.0.0.conv_dw.weight"));
        Assert.Equal(Normal(96), Initial(graph, "blocks.1.0.conv_pw.weight"));
        Assert.Equal("kaiming_fan_out", Initial(graph, "blocks.1.0.se.conv_expand.weight"));
        Assert.Equal("fill(0)", Initial(graph, "blocks.1.0.se.conv_expand.bias"));
        Assert.Equal(new Initializer.Uniform(1 / Math.Sqrt(1000)).ToString(), Initial(graph, "classifier.weight"));
        Assert.Equal("fill(0)", Initial(graph, "classifier.bias"));
    }

    [Fact]
    public void Weights_of_ghostnet_start_as_pytorch_lets_them()
    {
        var graph = ModelCatalog.Build("ghostnet_100");
        Assert.Equal("fan_in_uniform", Initial(graph, "blocks.3.0.se.conv_reduce.weight"));
        Assert.Equal(new Initializer.Uniform(1 / Math.Sqrt(72)).ToString(), Initial(graph, "blocks.3.0.se.conv_reduce.bias"));
    }

    [Theory]
    [InlineData(224, 0, 1)]
    [InlineData(225, 1, 1)]
    public void Padding_of_tensorflow_puts_the_odd_row_at_the_end(int size, int top, int bottom)
    {
        var stem = ModelCatalog.Build("tf_efficientnet_b0", new ModelOptions { ImageSize = size }).Nodes.First(node => node.Op is Conv2d);
        var window = ((Conv2d)stem.Op).Window;
        Assert.Equal((top, top, bottom, bottom), (window.Top, window.Left, window.Bottom, window.Right));
        Assert.Equal((size + 1) / 2, stem.Result.Shape.H);
    }

    [Fact]
    public void Mixed_kernels_share_the_channels()
    {
        var graph = ModelCatalog.Build("mixnet_l");
        var extents = Enumerable.Range(0, 4).Select(i => graph.Variable($"blocks.2.0.conv_dw.{i}.weight").Shape).Select(shape => (shape.N, shape.H));
        Assert.Equal([(60, 3), (60, 5), (60, 7), (60, 9)], extents);
    }

    [Fact]
    public void Drop_path_grows_from_block_to_block_where_there_is_an_identity()
    {
        var rates = ModelCatalog.Build("efficientnet_b0", new ModelOptions { DropPathRate = 0.16 }).Nodes.Select(node => node.Op).OfType<DropPath>();
        Assert.Equal([0.02, 0.04, 0.06, 0.07, 0.09, 0.1, 0.12, 0.13, 0.14], rates.Select(path => Math.Round(path.Rate, 9)));
        Assert.DoesNotContain(ModelCatalog.Build("efficientnet_b0").Nodes, node => node.Op is DropPath);
    }

    [Theory]
    [InlineData("mnasnet_050", "mnasnet0_5")]
    [InlineData("mnasnet_075", "mnasnet0_75")]
    [InlineData("mnasnet_100", "mnasnet1_0")]
    public void Names_of_mnasnet_map_to_those_of_torchvision_and_back(string timm, string torchvision)
    {
        var map = Assert.Single(ModelCatalog.Find(timm).OtherNames);
        var (ours, theirs) = (Tensors(timm), Tensors(torchvision));
        Assert.Equal(theirs, ours.Select(tensor => (map.FromCatalogue(tensor.Name), tensor.Shape)));
        Assert.Equal(ours, theirs.Select(tensor => (map.ToCatalogue(tensor.Name), tensor.Shape)));
    }

    private static List<(string Name, Shape Shape)> Tensors(string model) =>
    [
        .. ModelCatalog.Build(model).Variables.Where(value => value.Variable!.Kind != VariableKind.Input)
            .Select(value => (value.Variable!.Label, value.Shape)),
    ];

    private static string Normal(int fanOut) => new Initializer.Normal(Math.Sqrt(2.0 / fanOut)).ToString();

    private static string Initial(Graph graph, string label) => graph.Variable(label).Variable!.Initial.ToString()!;
}
