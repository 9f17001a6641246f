namespace Fovea.Darknet.Tests;

/// <summary>Lines of Darknet's table that no fixture has, by its format strings.</summary>
[Trait("row", "S4-01")]
public class LayerRowTests
{
    [Theory]
    [InlineData("[conv]\nfilters=4\ngroups=4\nsize=3\nstride_x=2\nstride_y=1\nactivation=linear", "conv      4/   4  3x 3/ 2x 1    6 x   5 x   4 ->    2 x   3 x   4 0.000 BF")]
    [InlineData("[conv]\nfilters=4\nsize=3\nstride=1\npad=1\ndilation=2\nactivation=linear", "conv      4       3 x 3/ 1(2)   6 x   5 x   4 ->    6 x   5 x   4 0.000 BF")]
    [InlineData("[conv]\nfilters=4\nsize=1\nstride=1\nxnor=1\nbin_output=1\nactivation=linear", "convXB    4       1 x 1/ 1      6 x   5 x   4 ->    6 x   5 x   4 0.000 BF")]
    [InlineData("[maxpool]\nsize=3\nstride=2\nstride_y=1", "max               3x 3/ 2x 1    6 x   5 x   4 ->    3 x   5 x   4 0.000 BF")]
    [InlineData("[maxpool]\nsize=1\nstride=1\nmaxpool_depth=1\nout_channels=2", "max-depth          1x 1/ 1      6 x   5 x   4 ->    6 x   5 x   2 0.000 BF")]
    [InlineData("[local_avgpool]\nsize=2\nstride=2", "avg                2x 2/ 2      6 x   5 x   4 ->    3 x   3 x   4 0.000 BF")]
    [InlineData("[dropout]\nprobability=.5\ndropblock=1\ndropblock_size_abs=3", "dropblock    p = 0.500   l.dropblock_size_abs = 3     120  ->    120")]
    [InlineData("[dropout]\nprobability=.0625", "dropout    p = 0.062         120  ->    120")]
    [InlineData("[normalization]\nalpha=1\nbeta=1\nkappa=1\nsize=3", "Local Response Normalization Layer: 6 x 5 x 4 image, 3 size")]
    [InlineData("[batchnorm]", "Batch Normalization Layer: 6 x 5 x 4 image")]
    [InlineData("[activation]\nactivation=relu", "Activation Layer: 120 inputs")]
    [InlineData("[upsample]\nstride=2", "upsample                 2x     6 x   5 x   4 ->   12 x  10 x   4")]
    [InlineData("[upsample]\nstride=-1", "downsample                 1x     6 x   5 x   4 ->    6 x   5 x   4")]
    [InlineData("[reorg]\nstride=1", "reorg_old              / 1     6 x   5 x   4   ->     6 x   5 x   4")]
    [InlineData("[reorg3d]\nstride=1", "reorg                    / 1    6 x   5 x   4 ->    6 x   5 x   4")]
    [InlineData("[local]\nfilters=2\nsize=3\nstride=1\npad=0\nactivation=linear", "Local Layer: 5 x 6 x 4 image, 2 filters -> 3 x 4 x 2 image")]
    [InlineData("[implicit]\nmean=0\nstd=.02\nfilters=8", "implicit Layer: 8 x 1 \t mean=0.00, std=0.02 ")]
    [InlineData("[shortcut]\nfrom=-1,0\nactivation=linear\nweights_type=per_channel\nweights_normalization=softmax", "Shortcut Layer: 0, 0,  wt = 2, wn = 2, outputs:   6 x   5 x   4 0.000 BF")]
    [InlineData("[route]\nlayers=-1\ngroups=2\ngroup_id=1", "route  0 \t\t                       1/2 ->    6 x   5 x   2 ")]
    [InlineData("[route]\nlayers=0,0,0,0", "route  0 0 0 0 \t                   ->    6 x   5 x  16 ")]
    [InlineData("[empty]", "empty ")]
    [InlineData("[sam]\nfrom=-1", "scale Layer: 0")]
    public void A_layer_is_printed_as_Darknet_prints_it(string section, string row) =>
        Assert.Equal($"   1 {row}", LayerTable.Of(Nets.Of($"[activation]\nactivation=linear\n{section}\n", channels: 4).Layers[1]));

    [Fact]
    public void A_blur_has_a_line_of_its_own()
    {
        var network = Nets.Of("[conv]\nfilters=4\nsize=3\nstride=2\npad=1\nactivation=linear\nantialiasing=1\n[avg]\n");
        Assert.Equal(
            "   0 conv      4       3 x 3/ 1      6 x   5 x   3 ->    6 x   5 x   4 0.000 BF\n"
            + "AA:  conv      4/   4  3 x 3/ 2      6 x   5 x   4 ->    3 x   3 x   4 0.000 BF",
            LayerTable.Of(network.Layers[0]));
        Assert.Equal((3, 3), (network.Layers[0].Output.Width, network.Layers[0].Output.Height));
    }

    [Fact]
    public void Images_that_differ_are_named_below_a_shortcut()
    {
        var network = Nets.Of("[conv]\nfilters=4\nactivation=linear\n[conv]\nfilters=8\nactivation=linear\n[shortcut]\nfrom=-2\nactivation=linear\n");
        Assert.Equal(
            "   2 Shortcut Layer: 0,  wt = 0, wn = 0, outputs:   6 x   5 x   8 0.000 BF\n (   6 x   5 x   8) + (   6 x   5 x   4) ",
            LayerTable.Of(network.Layers[2]));
    }

    [Fact]
    public void The_table_ends_with_work_and_mean_outputs() => Assert.Equal(
        "   layer   filters  size/strd(dil)      input                output\n   0 activation: Using default 'linear'\nActivation Layer: 90 inputs\n"
        + "   1 avg                             6 x   5 x   3 ->      3\nTotal BFLOPS 0.000 \navg_outputs = 46 \n",
        LayerTable.Of(Nets.Of("[activation]\n[avg]\n")));
}
