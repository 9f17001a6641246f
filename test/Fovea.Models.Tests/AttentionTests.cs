using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Models.ImageNet;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Models.Tests;

public sealed class AttentionTests
{
    [Fact]
    public void Relative_positions_of_a_window_count_rows_before_columns()
    {
        var graph = new Graph();
        var positions = Assert.IsType<Constant>(graph.RelativePositions(2, 3).Op).Tensor;
        int[] first = [7, 6, 5, 2, 1, 0];
        Assert.Equal(first, positions.Ints[..6].ToArray());
        int[] last = [14, 13, 12, 9, 8, 7];
        Assert.Equal(last, positions.Ints[30..].ToArray());
    }

    [Fact]
    public void Attention_to_equal_keys_is_the_mean_of_the_values()
    {
        var graph = new Graph();
        var (q, k, v) = (Input(graph, "q", 1, 2, 3, 4), graph.Constant(HostTensor.Filled(new Shape(1, 2, 5, 4), 0.5f)), Input(graph, "v", 1, 2, 5, 4));
        graph.Output("y", Attention.Attend(q, k, v, scale: 0.5));
        var values = Ramp(40);
        var y = Run(graph, ("q", Ramp(24)), ("v", values));
        for (var i = 0; i < y.Length; i++)
        {
            var (head, feature) = (i / 12, i % 4);
            Assert.Equal(Enumerable.Range(0, 5).Average(key => values[(head * 20) + (key * 4) + feature]), y[i], 1e-5);
        }
    }

    [Fact]
    public void Features_before_tokens_attend_as_tokens_before_features_do()
    {
        var graph = new Graph();
        var (q, k, v) = (Input(graph, "q", 2, 2, 3, 4), Input(graph, "k", 2, 2, 5, 4), Input(graph, "v", 2, 2, 5, 4));
        var bias = Input(graph, "bias", 2, 2, 3, 5);
        var images = Attention.AttendImages(Turn(q), Turn(k), Turn(v), scale: 0.5, bias);
        graph.Output("difference", Turn(images).Minus(Attention.Attend(q, k, v, scale: 0.5, bias)));
        var difference = Run(graph, ("q", Ramp(48)), ("k", Ramp(80)), ("v", Ramp(80)), ("bias", Ramp(60)));
        Assert.InRange(difference.Max(Math.Abs), 0, 1e-6);

        static Value Turn(Value x) => x.Transpose(0, 1, 3, 2);
    }

    /// <summary>The second window of each image is told to look at its last key alone.</summary>
    [Fact]
    public void Bias_of_windows_repeats_for_every_image_and_head()
    {
        var graph = new Graph();
        var (q, k, v) = (Input(graph, "q", 4, 2, 3, 4), graph.Constant(HostTensor.Filled(new Shape(4, 2, 3, 4), 0)), Input(graph, "v", 4, 2, 3, 4));
        var bias = HostTensor.Filled(new Shape(2, 1, 3, 3), 0);
        for (var i = 0; i < 3; i++)
            for (var j = 0; j < 2; j++)
                bias.Floats[9 + (3 * i) + j] = float.NegativeInfinity;
        graph.Output("y", Attention.Attend(q, k, v, scale: 0.5, graph.Constant(bias)));
        var values = Ramp(96);
        var y = Run(graph, ("q", Ramp(96)), ("v", values));
        for (var i = 0; i < y.Length; i++)
        {
            var (window, head, feature) = (i / 24, i / 12 % 2, i % 4);
            var last = values[(window * 24) + (head * 12) + 8 + feature];
            Assert.Equal(window % 2 == 1, Math.Abs(y[i] - last) < 1e-6);
        }
    }

    [Fact]
    public void Heads_are_joined_as_they_were_split()
    {
        var graph = new Graph();
        graph.Output("y", Input(graph, "x", 2, 3, 8).Heads(heads: 4).JoinHeads());
        var x = Ramp(48);
        Assert.Equal(x, Run(graph, ("x", x)));
    }

    [Fact]
    public void First_token_and_positions_come_to_where_they_belong()
    {
        var graph = new Graph();
        var (first, positions) = (Input(graph, "first", 1, 1, 2), Input(graph, "positions", 1, 3, 2));
        graph.Output("y", Input(graph, "x", 2, 2, 2).WithFirst(first, positions));
        var y = Run(graph, ("x", [1, 2, 3, 4, 5, 6, 7, 8]), ("first", [10, 20]), ("positions", [100, 200, 300, 400, 500, 600]));
        Assert.Equal([110, 220, 301, 402, 503, 604, 110, 220, 305, 406, 507, 608], y);
    }

    [Fact]
    public void Windows_are_joined_as_they_were_partitioned()
    {
        var graph = new Graph();
        var x = Input(graph, "x", 2, 4, 6, 3);
        var windows = Windows.Partition(x, side: 2);
        Assert.Equal(new Shape(12, 4, 3), windows.Shape);
        graph.Output("y", Windows.Join(windows, x.Shape, side: 2));
        Assert.Equal(Ramp(144), Run(graph, ("x", Ramp(144))));
    }

    [Fact]
    public void Pixels_of_one_place_in_their_patches_are_folded_as_they_were_unfolded()
    {
        var graph = new Graph();
        var x = Input(graph, "x", 1, 2, 4, 4);
        var tokens = MobileVit.Unfold(x, side: 2);
        graph.Output("tokens", tokens);
        graph.Output("y", MobileVit.Fold(tokens, x.Shape, side: 2));
        Assert.Equal(Ramp(32), Run(graph, "y", ("x", Ramp(32))));
        Assert.Equal([0, 16, 2, 18, 8, 24, 10, 26], Run(graph, "tokens", ("x", Ramp(32)))[..8]);
    }

    [Fact]
    public void Mask_keeps_apart_what_a_shift_brings_together()
    {
        var mask = Assert.IsType<Constant>(Windows.Mask(new Graph(), h: 4, w: 4, side: 2, shift: 1).Op).Tensor;
        Assert.Equal(new Shape(4, 1, 4, 4), mask.Shape);
        Assert.All(mask.Floats[..16].ToArray(), number => Assert.Equal(0, number));
        float[] upperRight = [0, -100, 0, -100, -100, 0, -100, 0, 0, -100, 0, -100, -100, 0, -100, 0];
        Assert.Equal(upperRight, mask.Floats[16..32].ToArray());
        float[] lowerLeft = [0, 0, -100, -100, 0, 0, -100, -100, -100, -100, 0, 0, -100, -100, 0, 0];
        Assert.Equal(lowerLeft, mask.Floats[32..48].ToArray());
        for (var i = 0; i < 4; i++)
            for (var j = 0; j < 4; j++)
                Assert.Equal(i == j ? 0 : -100, mask.Floats[48 + (4 * i) + j]);
    }

    private static Value Input(Graph graph, string label, params int[] extents) => graph.Input(label, TensorType.F32(extents));

    private static float[] Ramp(int count) => [.. Enumerable.Range(0, count).Select(i => (float)i)];

    private static float[] Run(Graph graph, params (string Label, float[] Numbers)[] inputs) => Run(graph, graph.Outputs[0].Name, inputs);

    private static float[] Run(Graph graph, string output, params (string Label, float[] Numbers)[] inputs)
    {
        using var session = new ReferenceBackend().Open();
        using var plan = session.Compile(graph);
        foreach (var (label, numbers) in inputs) numbers.CopyTo(plan.Floats(label));
        plan.Run();
        return plan.Result(output).ToArray();
    }
}
