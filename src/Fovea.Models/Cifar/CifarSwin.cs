using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Models.Cifar;

/// <summary>Swin transformers (Liu et al. 2021, arXiv:2103.14030) for small images; names and initialisers follow pytorch-cifar-tricks.</summary>
/// <remarks>
/// Windows are 4×4, the image is halved by the first, third and fourth stage, the masks of shifted windows are kept with the weights, and all
/// heads of a block share one table of relative positions.
/// </remarks>
internal static class CifarSwin
{
    private const double Epsilon = 1e-5;
    private const int Side = 4;
    private const int Pixels = Side * Side;
    private const int Shift = Side / 2;
    private const int HeadWidth = 32;
    private const int MlpRatio = 4;
    private const int Smallest = 32;

    private static readonly int[] s_halvings = [2, 1, 2, 2];
    private static readonly int[] s_heads = [3, 6, 12, 24];

    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("cifar_swin_s", Of([2, 2, 18, 2])),
        Row("cifar_swin_t", Of([2, 2, 6, 2])),
    ];

    private static ModelBuilder Of(int[] depths) => (s, x, options) =>
    {
        for (var stage = 0; stage < depths.Length; stage++)
        {
            var at = s[$"stage{stage + 1}"];
            x = Merge(at["patch_partition.linear"], x, s_halvings[stage], width: 96 << stage);
            var positions = s.Graph.RelativePositions(Side, Side);
            for (var i = 0; i < depths[stage]; i++)
                x = Block(at["layers"][i / 2][i % 2], x, s_heads[stage], shifts: i % 2 == 1, positions);
            x = x.Transpose(0, 3, 1, 2);
        }

        x = x.Mean(2, 3).LayerNorm(s["mlp_head.0"], Epsilon);
        return x.Logits(s["mlp_head.1"], options);
    };

    /// <summary>Each by×by pixels become one: [N, C, H, W] → [N, H/by, W/by, width].</summary>
    private static Value Merge(Scope s, Value x, int by, int width)
    {
        var (n, c, h, w) = (x.Shape.N, x.Shape.C, x.Shape.H / by, x.Shape.W / by);
        if (h == 0 || h % Side != 0 || w % Side != 0)
            throw new ShapeException(
                $"{s.Path} (windows): x {x.Shape} gives {h}×{w}; wanted multiples of {Side}, from images of {Smallest} pixels or multiples");
        var whole = new Shape(n, c, h * by, w * by);
        if (whole != x.Shape) x = x.Slice(new Shape(0, 0, 0, 0), whole);
        return x.Reshape(new Shape(n, c, h, by, w, by)).Transpose(0, 2, 4, 1, 3, 5).Reshape(new Shape(n, h, w, c * by * by)).Dense(s, width);
    }

    private static Value Block(Scope s, Value x, int heads, bool shifts, Value positions)
    {
        var (attention, mlp) = (s["attention_block.fn"], s["mlp_block.fn"]);
        x = Attend(attention["fn"], x.LayerNorm(attention["norm"], Epsilon), heads, shifts, positions).Plus(x);
        var y = x.LayerNorm(mlp["norm"], Epsilon);
        return y.FeedForward(mlp["fn.net.0"], mlp["fn.net.2"], MlpRatio * x.Shape[3], Nodes.Gelu).Plus(x);
    }

    private static Value Attend(Scope s, Value x, int heads, bool shifts, Value positions)
    {
        var shift = shifts ? Shift : 0;
        var mask = shifts ? Mask(s, x.Shape[1] / Side, x.Shape[2] / Side) : null;
        var table = s.Parameter("pos_embedding", new Shape((2 * Side) - 1, (2 * Side) - 1), new Initializer.Normal(1));
        var bias = table.Reshape(new Shape((int)table.Shape.Elements, 1)).RelativeBias(positions, Pixels).Transpose(0, 1, 3, 2);   // of j to i
        if (mask is not null) bias = bias.Plus(mask);
        var windows = Windows.Partition(Windows.Shift(x, -shift), Side);
        var y = windows.SelfAttention(s["to_qkv"], s["to_out"], heads, HeadWidth, bias, qkvBias: false);
        return Windows.Shift(Windows.Join(y, x.Shape, Side), shift);
    }

    /// <summary>Windows of the last row get one mask, those of the last column another: [rows·columns, 1, 16, 16].</summary>
    private static Value Mask(Scope s, int rows, int columns)
    {
        var below = s.State("upper_lower_mask", new Shape(Pixels, Pixels), new Initializer.Apart(Pixels, Pixels - (Shift * Side)));
        var right = s.State("left_right_mask", new Shape(Pixels, Pixels), new Initializer.Apart(Side, Side - Shift));
        var one = new Shape(1, 1, Pixels, Pixels);
        var last = below.Reshape(one).BroadcastTo(new Shape(1, columns, Pixels, Pixels)).Pad(axis: 0, before: rows - 1, after: 0);
        var end = right.Reshape(one).BroadcastTo(new Shape(rows, 1, Pixels, Pixels)).Pad(axis: 1, before: columns - 1, after: 0);
        return last.Plus(end).Reshape(new Shape(rows * columns, 1, Pixels, Pixels));
    }

    private static ModelRow Row(string name, ModelBuilder builder) =>
        CifarRow.Of(name, "cifar_swin", builder, "arXiv:2103.14030") with { ImageSizeStep = Smallest };
}
