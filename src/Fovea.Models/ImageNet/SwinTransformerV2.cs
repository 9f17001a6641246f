using Fovea.Graphs;
using Fovea.Images;
using Fovea.Models.Building;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Models.ImageNet;

/// <summary>Swin transformers V2 (Liu et al. 2021, arXiv:2111.09883); names and initialisers follow timm.</summary>
/// <remarks>
/// They differ from the first by norms behind the branches, scores that are cosines, and biases that a small net makes of log-spaced relative positions.
/// </remarks>
internal static class SwinTransformerV2
{
    private const double Epsilon = 1e-5;
    private const int Patch = 4;
    private const int MlpRatio = 4;

    /// <summary>Features inside the net that makes biases, their largest size, and the range of the positions that it gets (§3.3).</summary>
    private const int Hidden = 512;
    private const double LargestBias = 16;
    private const double Range = 8;

    /// <summary>The least temperature of scores is 1/100; training begins with 1/10 (§3.2).</summary>
    private const double MostScale = 100;
    private const double FirstScale = 10;

    private static readonly int[] s_tinyDepths = [2, 2, 6, 2];
    private static readonly int[] s_depths = [2, 2, 18, 2];
    private static readonly int[] s_heads = [3, 6, 12, 24];
    private static readonly int[] s_baseHeads = [4, 8, 16, 32];
    private static readonly int[] s_largeHeads = [6, 12, 24, 48];

    /// <summary>The models of table 8 of the paper up to «large».</summary>
    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("swinv2_tiny_window8_256", Of(96, s_tinyDepths, s_heads, 8)),
        Row("swinv2_tiny_window16_256", Of(96, s_tinyDepths, s_heads, 16)),
        Row("swinv2_small_window8_256", Of(96, s_depths, s_heads, 8)),
        Row("swinv2_small_window16_256", Of(96, s_depths, s_heads, 16)),
        Row("swinv2_base_window8_256", Of(128, s_depths, s_baseHeads, 8)),
        Row("swinv2_base_window16_256", Of(128, s_depths, s_baseHeads, 16)),
        Row("swinv2_base_window24_384", Of(128, s_depths, s_baseHeads, 24)) with { ImageSize = 384, CropFraction = 1 },
        Row("swinv2_large_window16_256", Of(192, s_depths, s_largeHeads, 16)),
        Row("swinv2_large_window24_384", Of(192, s_depths, s_largeHeads, 24)) with { ImageSize = 384, CropFraction = 1 },
    ];

    private static ModelBuilder Of(int width, int[] depths, int[] heads, int window) => (s, x, options) =>
    {
        var (blocks, number) = (depths.Sum(), 0);
        x = x.Patches(s["patch_embed.proj"], width, Patch).Transpose(0, 2, 3, 1).LayerNorm(s["patch_embed.norm"], Epsilon);
        var grid = x.Shape[1];
        for (var stage = 0; stage < depths.Length; stage++)
        {
            var at = s["layers"][stage];
            if (stage > 0) x = Merge(at["downsample"], x);
            var windows = SwinTransformer.Stage.Of(at, x, resolution: grid >> stage, window);
            for (var i = 0; i < depths[stage]; i++, number++)
                x = Block(at["blocks"][i], x, heads[stage], windows, shifts: i % 2 == 1, options.DropPathAt(number, blocks));
        }

        x = x.LayerNorm(s["norm"], Epsilon).Mean(1, 2);
        return x.Logits(s["head.fc"], options, LinearInitial.Small.Weight, LinearInitial.Small.Bias);
    };

    /// <summary>Each 2×2 pixels become one of twice the features, which are normed then; [N, H, W, C].</summary>
    private static Value Merge(Scope s, Value x)
    {
        var four = SwinTransformer.Fourfold(x);
        return four.Dense(s["reduction"], four.Shape[3] / 2, bias: false, LinearInitial.Small).LayerNorm(s["norm"], Epsilon);
    }

    /// <summary>Attention within windows and a feed-forward layer, each before a norm and around an identity (fig. 1, right).</summary>
    private static Value Block(Scope s, Value x, int heads, SwinTransformer.Stage windows, bool shifts, double dropPath)
    {
        var y = Attend(s["attn"], x, heads, windows, shifts && windows.Shift > 0).LayerNorm(s["norm1"], Epsilon);
        x = x.Plus(y.DropPath(dropPath));
        y = x.FeedForward(s["mlp.fc1"], s["mlp.fc2"], MlpRatio * x.Shape[3], Nodes.Gelu, LinearInitial.Small).LayerNorm(s["norm2"], Epsilon);
        return x.Plus(y.DropPath(dropPath));
    }

    private static Value Attend(Scope s, Value x, int heads, SwinTransformer.Stage windows, bool shifts)
    {
        var (side, shift) = (windows.Side, shifts ? windows.Shift : 0);
        var padded = Windows.PadTo(Windows.Shift(x, -shift), side);
        var tokens = Windows.Partition(padded, side);
        var y = Cosines(s, tokens, heads, windows, shifts ? windows.Mask : null);
        return Windows.Shift(Windows.Crop(Windows.Join(y, padded.Shape, side), x.Shape[1], x.Shape[2]), shift);
    }

    /// <summary>Attention whose scores are cosines by a learned temperature; tokens [N, T, C].</summary>
    private static Value Cosines(Scope s, Value x, int heads, SwinTransformer.Stage windows, Value? mask)
    {
        var features = x.Shape.H;
        var scale = s.Parameter("logit_scale", new Shape(heads, 1, 1), new Initializer.Fill(Math.Log(FirstScale)));
        var (ofQueries, ofValues) = (s.Parameter("q_bias", new Shape(features), Initializer.Zeros), s.Parameter("v_bias", new Shape(features), Initializer.Zeros));
        var bias = Positions(s["cpb_mlp"], x.Graph, heads, windows);
        if (mask is not null) bias = bias.Plus(mask);
        var all = x.Dense(s["qkv"], 3 * features, bias: false, LinearInitial.Small);
        var zeros = x.Graph.Constant(HostTensor.Filled(new Shape(features), 0));
        all = all.Plus(ofQueries.Concat(0, zeros, ofValues));
        var factor = scale.Minimum(x.Graph.Constant(HostTensor.Filled(new Shape(heads, 1, 1), (float)Math.Log(MostScale)))).Exp();
        var queries = Unit(all.Heads(heads, 0, 3)).Times(factor.Reshape(new Shape(1, heads, 1, 1)));
        var y = Attention.Attend(queries, Unit(all.Heads(heads, 1, 3)), all.Heads(heads, 2, 3), scale: 1, bias).JoinHeads();
        return y.Dense(s["proj"], features, bias: true, LinearInitial.Small);
    }

    /// <summary>Vectors of length 1 along the last axis; [N, heads, T, D].</summary>
    private static Value Unit(Value x) =>
        x.Times(x.Square().Sum(3).Plus(1e-12).ReciprocalSqrt().Reshape(new Shape(x.Shape.N, x.Shape.C, x.Shape.H, 1)));

    /// <summary>The bias of each pair of pixels: 16·σ of what a net of two layers makes of the log-spaced relative positions; [1, heads, T, T].</summary>
    private static Value Positions(Scope s, Graph graph, int heads, SwinTransformer.Stage windows)
    {
        var side = windows.Side;
        var hidden = graph.Constant(Coordinates(side)).Dense(s[0], Hidden, bias: true, LinearInitial.Small).Relu();
        var table = hidden.Dense(s[2], heads, bias: false, LinearInitial.Small);
        return table.RelativeBias(windows.Positions, side * side).Sigmoid().Times(LargestBias);
    }

    /// <summary>sign(d)·log₂(1 + |d|)/log₂ 8 of the distances d along both sides, which are ±8 at the ends of a window; [(2·side − 1)², 2].</summary>
    private static HostTensor Coordinates(int side)
    {
        var across = (2 * side) - 1;
        var table = HostTensor.Filled(new Shape(across * across, 2), 0);
        var numbers = table.Floats;
        for (var i = 0; i < across * across; i++)
        {
            numbers[2 * i] = Spaced((i / across) - side + 1);
            numbers[(2 * i) + 1] = Spaced((i % across) - side + 1);
        }

        return table;

        float Spaced(int distance)
        {
            var d = side > 1 ? Range * distance / (side - 1) : 0;
            return (float)(Math.Sign(d) * Math.Log2(1 + Math.Abs(d)) / Math.Log2(Range));
        }
    }

    private static ModelRow Row(string name, ModelBuilder builder) => new(name, "swinv2", builder)
    {
        Paper = "arXiv:2111.09883", Licence = "MIT", ImageSize = 256, CropFraction = 0.9, Interpolation = Interpolation.Bicubic, DropPathRate = 0.1,
    };
}
