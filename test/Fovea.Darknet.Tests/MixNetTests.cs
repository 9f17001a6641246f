using Fovea.Analysis;
using Fovea.Models;
using Fovea.Models.Building;

namespace Fovea.Darknet.Tests;

/// <summary>The cfgs of configs/darknet.</summary>
[Trait("row", "S4-01")]
public class MixNetTests
{
    private static DarknetNetwork Network(string name) => DarknetNetwork.Read(Path.Combine(AppContext.BaseDirectory, "configs", $"{name}.cfg"));

    private static double Millions(DarknetNetwork network) => network.Tensors.Where(tensor => tensor.IsTrained).Sum(tensor => tensor.Shape.Elements) / 1e6;

    [Theory]
    [InlineData("mixnet_s", "Total BFLOPS 0.479 ", 4.1)]
    [InlineData("mixnet_m", "Total BFLOPS 0.759 ", 10.1)]
    [InlineData("mixnet_m_gpu", "Total BFLOPS 1.065 ", 12.0)]
    public void Work_and_parameters_are_those_that_are_published(string name, string total, double millions)
    {
        var network = Network(name);
        Assert.Empty(network.Notes);
        Assert.Equal(total, LayerTable.Total(network).Split('\n')[0]);
        Assert.Equal(millions, Math.Round(Millions(network), 1));
        Assert.Equal(1000, DarknetGraph.Build(network, 1).Output("logits").Shape[1]);
    }

    [Fact]
    public void MixNet_S_is_that_of_the_catalogue()
    {
        var (cfg, ours) = (CostAnalysis.Of(DarknetGraph.Build(Network("mixnet_s"), 1)), CostAnalysis.Of(ModelCatalog.Build("mixnet_s", new ModelOptions(), 1)));
        Assert.Equal((ours.Params, ours.Macs), (cfg.Params, cfg.Macs));
    }
}
