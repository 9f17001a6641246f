using Fovea.Darknet.Cfg;
using Fovea.Darknet.Layers;
using Fovea.Formats;

namespace Fovea.Darknet.Tests;

public class DarknetNetworkTests
{
    [Fact]
    public void Of_entries_of_one_key_the_first_counts_and_the_others_are_told()
    {
        var network = Nets.Of("decay=0.0005\ndecay=0.00005\n[conv]\nfilters=4\nfilters=8\n");
        Assert.Equal(0.0005, network.Net.Decay);
        Assert.Equal(4, network.Layers[0].Output.Channels);
        Assert.Equal(
            ["line 6: [net] 'decay=0.00005' is left out: line 5 has 'decay=0.0005', and the first counts",
                "line 9: [conv] 'filters=8' is left out: line 8 has 'filters=4', and the first counts"],
            network.Notes);
    }

    [Fact]
    public void Entries_that_nobody_asks_for_are_told_and_printed()
    {
        var network = Nets.Of("[conv]\nfilter=4\nactivation=linear\n");
        Assert.Equal(["line 6: [conv] Unused field: 'filter = 4'; did you mean 'filters'?"], network.Notes);
        Assert.Equal(
            "   0 filters: Using default '1'\nsize: Using default '1'\nstride: Using default '1'\n"
            + "conv      1       1 x 1/ 1      6 x   5 x   3 ->    6 x   5 x   1 0.000 BF\nUnused field: 'filter = 4'",
            LayerTable.Of(network.Layers[0]));
    }

    [Fact]
    public void Of_a_number_the_rest_of_the_value_is_left_out_and_told()
    {
        var network = Nets.Of("max_batches=10#0\n[conv]\nfilters=4;16\n");
        Assert.Equal(10, network.Net.MaxBatches);
        Assert.Equal(["line 5: [net] of 'max_batches=10#0' the part '#0' is left out", "line 7: [conv] of 'filters=4;16' the part ';16' is left out"], network.Notes);
    }

    [Fact]
    public void Defaults_are_those_of_Darknet()
    {
        var net = Nets.Of("[avg]\n", width: 32, height: 32).Net;
        Assert.Equal((1, 1, 0, 0.001, 0.9, 1e-4), (net.Batch, net.Subdivisions, net.MaxBatches, net.LearningRate, net.Momentum, net.Decay));
        Assert.Equal((64, 32, true, 0.0, 1.0, 4.0), (net.MaxCrop, net.MinCrop, net.Flip, net.Angle, net.Aspect, net.Power));
        Assert.Equal((RatePolicy.Constant, 0, 2), (net.Policy, net.BurnIn, net.SgdrMult));
        Assert.Null(net.Adam);
    }

    [Fact]
    public void Options_of_training_are_read_with_their_types()
    {
        var net = Nets.Of(
            "batch=64\nsubdivisions=4\npolicy=steps\nsteps=10,20 # ,30\nscales=.1,.5\nadam=1\nB1=.8\nmosaic=1\ncutmix=1\nmixup=3\nlabel_smooth_eps=.1\ntrack=1\n[avg]\n").Net;
        Assert.Equal(16, net.MiniBatch);
        Assert.Equal([new(10, 0.1, 1), new(20, 0.5, 1)], net.Steps);
        Assert.Equal(new AdamOptions(0.8), net.Adam);
        Assert.True(net.Mosaic && net.CutMix);
        Assert.Equal(3, net.Mixup);
        Assert.Equal(0.1, net.LabelSmoothing);
        Assert.Equal(1, net.Others["track"]);
    }

    [Fact]
    public void What_every_section_may_say_is_read()
    {
        var settings = Nets.Of("[conv]\nstopbackward=1\ndontload=1\nlearning_rate=.5\ntrain_only_bn=1\n").Layers[0].Settings;
        Assert.Equal((1, true, 0.5, true, false), (settings.StopBackward, settings.DontLoad, settings.LearningRate, settings.TrainOnlyNorms, settings.DontUpdate));
    }

    [Theory]
    [InlineData("[conv]\nactivation=leeky", "line 6: [conv] activation is 'leeky'; wanted one of Darknet's; did you mean 'leaky'?")]
    [InlineData("[convolutinal]", "is no section of Darknet; did you mean 'convolutional'?")]
    [InlineData("[yolo]", "line 5: [yolo] is for boxes of objects (darknet detector); wanted a network for classes of images")]
    [InlineData("[lstm]", "is for sequences (darknet rnn)")]
    [InlineData("[conv]\nfilters=-3", "line 6: [conv] filters is -3; wanted 1 to 1048576")]
    [InlineData("[conv]\nfilters=999999999999", "wanted a whole number")]
    [InlineData("[conv]\nfilters=four", "line 6: [conv] filters is 'four'; wanted a whole number")]
    [InlineData("[conv]\nsize=9", "wanted an image of at least as many with its padding, not 6 x 5")]
    [InlineData("[conv]\ngroups=2", "wanted a divisor of 3 channels and 1 filters")]
    [InlineData("[conv]\nfilters=1000000\nsize=33\npadding=16\nstride=40", "weights; wanted 1 to")]
    [InlineData("[conv]\nsize=5\ndilation=2", "has a kernel that reaches over 9 pixels")]
    [InlineData("[conv]\nsize=3\ndilation=2\npadding=2", "Darknet counts 8 x 7 pixels and makes others")]
    [InlineData("[conv]\nsway=1\nsize=3", "which Fovea has not; wanted 0")]
    [InlineData("[route]\nlayers=-1", "names layer -1; wanted one before layer 0, of which there is none")]
    [InlineData("[conv]\n[route]\nlayers=1", "line 7: [route] layers names layer 1; wanted one before layer 1, 0 to 0")]
    [InlineData("[conv]\n[route]\nlayers=-2000000000", "names layer -1999999999")]
    [InlineData("[conv]\n[route]", "has no layers; wanted the layers that it reads")]
    [InlineData("[conv]\nfilters=3\n[route]\nlayers=-1\ngroups=2", "wanted a divisor of the 3 channels of layer 0")]
    [InlineData("[conv]\nfilters=4\n[route]\nlayers=-1\ngroups=2\ngroup_id=2", "group_id is 2; wanted 0 to 1")]
    [InlineData("[conv]\n[maxpool]\nsize=2\nstride=2\n[route]\nlayers=0,1", "which make 6 x 5 and 3 x 3 pixels")]
    [InlineData("[conv]\n[scale_channels]\nfrom=0", "wanted 1 x 1 pixel of the same channels")]
    [InlineData("[avg]\n[softmax]\ngroups=2", "wanted a divisor of the 3 numbers")]
    [InlineData("[softmax]\n[conv]", "takes an image; the layer before makes 90 numbers without rows and columns")]
    [InlineData("width=1000\nheight=1000\n[local]\nsize=900", "line 8: [local] size is 900; wanted at most ")]
    [InlineData("[upsample]\nstride=16384\n[upsample]\nstride=16384", "wanted at most 536870912 numbers")]
    [InlineData("[maxpool]\nsize=2\npadding=4", "would see none")]
    [InlineData("[dropout]\nprobability=1", "so that nothing would be left")]
    [InlineData("[cost]\ntype=mse", "type is 'mse'; wanted sse, masked, smooth")]
    [InlineData("policy=poli", "policy is 'poli'; wanted constant, step, steps, exp, poly, sigmoid, sgdr, random; did you mean 'poly'?")]
    [InlineData("", "[net] stands alone; wanted layers after it")]
    public void What_cannot_be_had_is_one_line_with_its_place(string layers, string message)
    {
        var problem = Assert.Throws<ModelFormatException>(() => Nets.Of(layers)).Message;
        Assert.Contains(message, problem, StringComparison.Ordinal);
        Assert.Matches("^test.cfg: line [0-9]+: ", problem);
        Assert.DoesNotContain('\n', problem);
    }

    [Theory]
    [InlineData("width=8\nheight=8", "has no input; wanted width, height and channels, or inputs")]
    [InlineData("width=99999", "width is 99999; wanted 0 to 16384")]
    [InlineData("width=16384\nheight=16384\nchannels=65536", "are too many")]
    [InlineData("width=8\nheight=8\nchannels=3\ninputs=100", "inputs is 100; width, height and channels make 192")]
    public void An_input_has_to_be_said(string net, string message) => Assert.Contains(
        message, Assert.Throws<ModelFormatException>(() => DarknetNetwork.Of(CfgFile.Parse($"[net]\n{net}\n[avg]", "a.cfg"))).Message, StringComparison.Ordinal);

    [Fact]
    public void Numbers_without_rows_and_columns_are_an_input_too()
    {
        var network = DarknetNetwork.Of(CfgFile.Parse("[net]\ninputs=10\n[connected]\noutput=4\nactivation=linear\n[softmax]\n", "a.cfg"));
        Assert.Equal(4, network.Outputs);
        Assert.Equal("f32[2, 10, 1, 1]", DarknetGraph.Build(network, 2).Variable("input").Type.ToString());
    }

    [Fact]
    public void Short_names_of_sections_are_those_of_Darknet()
    {
        var network = Nets.Of("[conv]\nfilters=4\n[max]\n[local_avg]\n[lrn]\n[silence]\n[conn]\noutput=7\n[soft]\n");
        Assert.Equal(
            ["convolutional", "maxpool", "local_avgpool", "normalization", "empty", "connected", "softmax"], network.Layers.Select(layer => layer.Kind));
        Assert.Equal(LayerKind.All.SelectMany(kind => kind.Names).Count(), LayerKind.All.SelectMany(kind => kind.Names).Distinct().Count());
    }

    [Fact]
    public void A_network_takes_another_size_and_other_classes()
    {
        var network = Nets.Of("[conv]\nfilters=10\n[avg]\n[softmax]\n");
        Assert.Equal((12, 10), (network.WithSize(12, 10).Layers[0].Output.Width, network.WithSize(12, 10).Layers[0].Output.Height));
        var changed = network.WithClasses(4);
        Assert.Equal((4, 4), (changed.Outputs, changed.Layers[0].Output.Channels));
        Assert.Equal("4", changed.Cfg.Sections[1].Entries[0].Value);
        Assert.Same(network, network.WithClasses(10));
        Assert.Throws<ModelFormatException>(() => Nets.Of("[avg]\n[softmax]\n").WithClasses(4));
    }
}
