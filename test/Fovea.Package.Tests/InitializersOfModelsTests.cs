using Fovea.Models;
using Fovea.Training.Initializers;
using Fovea.Training.State;

namespace Fovea.Package.Tests;

/// <summary>Rules for initial values on models of the catalogue.</summary>
public sealed class InitializersOfModelsTests
{
    [Theory]
    [InlineData("resnet18", 8, "layer1.0.bn2.weight", "layer2.0.bn2.weight")]
    [InlineData("resnet50", 16, "layer1.0.bn3.weight", "layer4.2.bn3.weight")]
    [InlineData("resnet20", 9, "layer1.0.bn2.weight", "layer3.2.bn2.weight")]
    [InlineData("mobilenetv2_100", 10, "blocks.1.1.bn3.weight", "blocks.5.2.bn3.weight")]
    public void Zero_gamma_finds_the_last_norm_of_every_residual_branch(string name, int count, params string[] some)
    {
        var zeros = new ZeroGammaOptions().Values(new(ModelCatalog.Build(name), 0, [])).ToArray();
        Assert.Equal(count, zeros.Length);
        foreach (var label in some) Assert.Contains(label, zeros.Select(zero => zero.Name));
        Assert.All(zeros, zero => Assert.DoesNotContain(zero.Tensor.Floats.ToArray(), x => x != 0));
    }

    [Theory]
    [InlineData("repvgg_a0")]
    [InlineData("mobileone_s0")]
    [InlineData("vgg11_bn")]
    public void Zero_gamma_is_refused_where_no_branch_is_residual(string name) => Assert.Equal(
        "model.init zero_gamma: the model has no residual branch that ends in a batch norm; wanted one at least",
        Assert.Throws<TrainingException>(() => new ZeroGammaOptions().Values(new(ModelCatalog.Build(name), 0, []))).Message);

    [Fact]
    public void Every_rule_for_weights_reaches_every_layer_of_every_family()
    {
        foreach (var row in ModelCatalog.All.Where(row => !row.IsFreeForm).DistinctBy(row => row.Family))
        {
            var graph = row.Build();
            var named = new InitContext(graph, 0, []).LayerWeights.Select(weight => weight.Variable.Label).ToHashSet();
            var kernels = graph.Variables.Where(value => value.Uses > 0).Select(value => value.Variable!).Where(
                variable => variable.Kind == Graphs.VariableKind.Parameter
                && variable.Label.EndsWith(".weight", StringComparison.Ordinal) && variable.Type.Shape.Rank is 2 or 4 && variable.Type.Shape[0] > 1);
            var missing = kernels.Where(variable => !named.Contains(variable.Label)).Select(variable => variable.Label).ToArray();
            Assert.True(missing.Length == 0, $"{row.Name}: {string.Join(", ", missing)}");
        }
    }
}
