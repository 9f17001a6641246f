using Fovea.Analysis;
using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;
using Fovea.Passes;

namespace Fovea.Models.Tests;

public class CifarZooTests
{
    public static TheoryData<string> Names() =>
        [.. ModelCatalog.All.Select(row => row.Name).Where(name => name.StartsWith("cifar_", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Names))]
    public void Deploy_form_computes_the_same_shape_with_no_more_parameters_and_work(string name)
    {
        var graph = ModelCatalog.Build(name);
        var deploy = Deploy.Structure(graph);
        Verifier.Verify(deploy);
        Assert.Equal(graph.Output("logits").Type, deploy.Output("logits").Type);
        var (before, after) = (CostAnalysis.Of(graph), CostAnalysis.Of(deploy));
        Assert.InRange(after.Params, 1, before.Params);
        Assert.InRange(after.Macs, 1, before.Macs);
    }

    [Theory]
    [InlineData(16, 4, 2_751_146)]
    [InlineData(28, 10, 36_489_290)]
    [InlineData(40, 2, 2_246_474)]
    public void Wide_residual_net_takes_depth_and_width(int depth, int width, long parameters)
    {
        var graph = ModelCatalog.Build("cifar_wideresnet", new ModelOptions { Depth = depth, WidthFactor = width });
        Assert.Equal(parameters, CostAnalysis.Of(graph).Params);
    }

    [Fact]
    public void Depth_and_width_that_do_not_fit_are_refused()
    {
        Refused("depth is 29; wanted 6n + 4 from 10", "cifar_wideresnet", new ModelOptions { Depth = 29 });
        Refused("width_factor is 0; wanted at least 1", "cifar_wideresnet", new ModelOptions { WidthFactor = 0 });
        Refused("depth and width_factor are fixed in this model", "cifar_vgg", new ModelOptions { Depth = 16 });
    }

    [Fact]
    public void Alias_is_the_model_that_it_stands_for() => Assert.Equal("cifar_vgg", ModelCatalog.Find("cifar_vgg11").Name);

    [Fact]
    public void Grey_image_is_what_the_net_for_digits_takes_by_default()
    {
        Assert.Equal(new Tensors.Shape(1, 1, 28, 28), ModelCatalog.Build("mnist_lenet").Variable("input").Shape);
        Assert.Equal(new Tensors.Shape(1, 3, 28, 28), ModelCatalog.Build("mnist_lenet", new ModelOptions { InputChannels = 3 }).Variable("input").Shape);
    }

    [Fact]
    public void Survival_falls_linearly_from_one_to_a_half()
    {
        var survival = ModelCatalog.Build("cifar_stochastic_depth_resnet18").Nodes.Select(node => node.Op).OfType<StochasticDepth>().Select(op => op.Survival);
        Assert.Equal(Enumerable.Range(1, 7).Select(i => 1 - (i / 14.0)), survival, (a, b) => Math.Abs(a - b) < 1e-12);
        var shake = ModelCatalog.Build("cifar_pyramidnet272").Nodes.Select(node => node.Op).OfType<ShakeDrop>().ToArray();
        Assert.Equal(90, shake.Length);
        Assert.Equal(0.5, shake[^1].Survival);
        Assert.Equal(1 - (0.5 / 90), shake[0].Survival, 12);
    }

    [Fact]
    public void Mask_unit_that_the_public_code_applies_twice_is_declared_once_and_applied_twice()
    {
        var graph = ModelCatalog.Build("cifar_attention56");
        Assert.Equal(2, graph.Variable("stage1.1.soft_resdown3.0.shortcut.weight").Uses);
        Assert.Equal(0, graph.Variable("stage1.1.shortcut_short.shortcut.weight").Uses);
    }

    [Fact]
    public void Initializers_are_those_of_the_public_code()
    {
        Assert.Equal("fan_in_uniform", Initial("cifar_resnet18", "conv1.weight"));
        Assert.Equal("kaiming_fan_in", Initial("cifar_dawnnet", "linear.weight"));
        Assert.Equal("kaiming_fan_out", Initial("cifar_pyramidnet_small", "conv1.weight"));
        Assert.Equal("fill(0.01)", Initial("cifar_rir", "residual_pre_conv.0.bias"));
        Assert.Equal("kaiming_fan_in", Initial("cifar_ge_resnext29_8x64d", "stage_1.stage_1_bottleneck_0.ge_module.downop.dwconv.weight"));
        Assert.Equal(new Initializer.Uniform(1 / Math.Sqrt(27)).ToString(), Initial("cifar_wideresnet", "init_conv.bias"));
    }

    private static string Initial(string model, string label) => ModelCatalog.Build(model).Variable(label).Variable!.Initial.ToString()!;

    private static void Refused(string message, string model, ModelOptions options) =>
        Assert.Contains(message, Assert.Throws<ModelException>(() => ModelCatalog.Build(model, options)).Message, StringComparison.Ordinal);
}
