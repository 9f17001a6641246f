using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Models.Tests;

public sealed class TransformerTests
{
    [Theory]
    [InlineData(224, 197)]
    [InlineData(240, 226)]
    [InlineData(239, 197)]
    [InlineData(16, 2)]
    public void Positions_of_a_vit_follow_the_image_size(int size, int tokens) =>
        Assert.Equal(new Shape(1, tokens, 192), Tensor("vit_tiny_patch16_224", size, "pos_embed"));

    [Theory]
    [InlineData(224, 169, 169, 169, 169)]
    [InlineData(160, 169, 169, 169, 81)]
    [InlineData(40, 169, 81, 9, 1)]
    [InlineData(32, 169, 49, 9, 1)]
    public void Windows_of_a_swin_are_no_larger_than_its_image(int size, params int[] positions)
    {
        for (var stage = 0; stage < positions.Length; stage++)
            Assert.Equal(positions[stage], Tensor("swin_tiny_patch4_window7_224", size, $"layers.{stage}.blocks.1.attn.relative_position_bias_table").N);
    }

    [Theory]
    [InlineData("coatnet_0_224", 224, 27 * 27)]
    [InlineData("coatnet_0_224", 40, 3 * 3)]
    [InlineData("coatnet_0_rw_224", 33, 3 * 3)]
    public void Relative_positions_of_a_coatnet_follow_the_image_size(string model, int size, int positions) =>
        Assert.Equal(positions, Tensor(model, size, "stages.2.blocks.1.attn.rel_pos.relative_position_bias_table").N);

    [Theory]
    [InlineData("vit_small_patch32_224", 31, "patch_embed.proj (conv2d): ")]
    [InlineData("swin_tiny_patch4_window7_224", 31, "layers.3 (windows): ")]
    [InlineData("coatnet_0_224", 33, "stem.conv1 (conv2d): ")]
    [InlineData("cifar_swin_t", 40, "stage3.patch_partition.linear (windows): ")]
    [InlineData("cifar_mobilevit_xxs", 40, "mvit.1 (patches): ")]
    [InlineData("cifar_vision_transformer", 39, "emb (patches): ")]
    public void Image_that_does_not_fit_is_refused_with_the_layer(string model, int size, string layer) =>
        Assert.Contains(layer, Assert.Throws<ShapeException>(() => Build(model, size)).Message, StringComparison.Ordinal);

    [Fact]
    public void Paths_are_dropped_ever_more_often_towards_the_end()
    {
        var rates = Build("swin_tiny_patch4_window7_224", 224).Nodes.Select(node => node.Op).OfType<DropPath>().Select(op => op.Rate).ToArray();
        Assert.Equal(22, rates.Length);
        Assert.Equal(0.1 / 11, rates[0], 1e-12);
        Assert.Equal(0.1, rates[^1], 1e-12);
        Assert.Equal(rates.Order(), rates);
    }

    [Theory]
    [InlineData("vit_tiny_patch16_224", 22)]
    [InlineData("coatnet_0_224", 18)]
    [InlineData("convnext_tiny", 17)]
    [InlineData("mobilevit_xxs", 20)]
    [InlineData("swin_tiny_patch4_window7_224", 22)]
    public void Drop_path_rate_is_the_options_to_choose(string model, int dropped)
    {
        Assert.Equal(dropped, Count(0.2));
        Assert.Equal(0, Count(0));

        int Count(double rate) => ModelCatalog.Build(model, new ModelOptions { DropPathRate = rate }).Nodes.Count(node => node.Op is DropPath);
    }

    [Fact]
    public void Masks_of_a_small_swin_start_as_published_and_are_not_trained()
    {
        var graph = Build("cifar_swin_t", 32);
        var (below, right) = (Mask("upper_lower_mask"), Mask("left_right_mask"));
        for (var i = 0; i < 16; i++)
            for (var j = 0; j < 16; j++)
            {
                Assert.Equal((i >= 8) == (j >= 8) ? 0 : float.NegativeInfinity, below.Floats[(16 * i) + j]);
                Assert.Equal((i % 4 >= 2) == (j % 4 >= 2) ? 0 : float.NegativeInfinity, right.Floats[(16 * i) + j]);
            }

        HostTensor Mask(string name)
        {
            var variable = graph.Variable($"stage1.layers.0.1.attention_block.fn.fn.{name}").Variable!;
            Assert.Equal(VariableKind.State, variable.Kind);
            return variable.Initial.Make(variable.Type.Shape, variable.Label, seed: 1);
        }
    }

    [Fact]
    public void Tensors_of_modules_that_compute_in_turn_are_declared_module_by_module()
    {
        var labels = Build("cifar_convnext", 32).Variables.Select(value => value.Variable!.Label).ToArray();
        Assert.Equal("downsample_layers.3.1.bias", labels[Array.IndexOf(labels, "stages.0.0.gamma") - 1]);
        Assert.Equal("head.bias", labels[^1]);
    }

    private static Graph Build(string model, int size) => ModelCatalog.Build(model, new ModelOptions { ImageSize = size });

    private static Shape Tensor(string model, int size, string label) => Build(model, size).Variable(label).Shape;
}
