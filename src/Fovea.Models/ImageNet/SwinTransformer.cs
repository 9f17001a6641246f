using Fovea.Graphs;
using Fovea.Images;
using Fovea.Models.Building;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Models.ImageNet;

/// <summary>Swin transformers (Liu et al. 2021, arXiv:2103.14030); names and initialisers follow timm.</summary>
/// <remarks>
/// A stage whose image is no larger than the window attends to all of it at once and does not shift. Images that windows or merging do not
/// divide are padded with zeros.
/// </remarks>
internal static class SwinTransformer
{
    private const double Epsilon = 1e-5;
    private const int Patch = 4;
    private const int MlpRatio = 4;

    /// <summary>
    /// The names of the authors' code (github.com/microsoft/Swin-Transformer), where merging ends a stage in place of beginning the next.
    /// </summary>
    private static readonly NameMap s_official = new("official", ("^.head", "^.head.fc"))
    {
        Renumbered = [.. Enumerable.Range(0, 3).Select(stage => ($"layers.{stage}.downsample", $"layers.{stage + 1}.downsample"))],
        RegisteredFirst = ["reduction"],
        Computed = ["relative_position_index", "attn_mask"],
    };

    private static readonly int[] s_tinyDepths = [2, 2, 6, 2];
    private static readonly int[] s_depths = [2, 2, 18, 2];
    private static readonly int[] s_heads = [3, 6, 12, 24];
    private static readonly int[] s_baseHeads = [4, 8, 16, 32];
    private static readonly int[] s_largeHeads = [6, 12, 24, 48];

    /// <summary>The models of §3.3.</summary>
    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("swin_base_patch4_window12_384", Of(128, s_depths, s_baseHeads, window: 12)) with { ImageSize = 384, CropFraction = 1 },
        Row("swin_base_patch4_window7_224", Of(128, s_depths, s_baseHeads)),
        Row("swin_large_patch4_window12_384", Of(192, s_depths, s_largeHeads, window: 12)) with { ImageSize = 384, CropFraction = 1 },
        Row("swin_large_patch4_window7_224", Of(192, s_depths, s_largeHeads)),
        Row("swin_small_patch4_window7_224", Of(96, s_depths, s_heads)),
        Row("swin_tiny_patch4_window7_224", Of(96, s_tinyDepths, s_heads)),
    ];

    /// <summary>The catalogue's delegate for the features of the first stage, and the blocks and heads of each.</summary>
    internal static ModelBuilder Of(int width, int[] depths, int[] heads, int window = 7) => (s, x, options) =>
    {
        var (blocks, number) = (depths.Sum(), 0);
        x = x.Patches(s["patch_embed.proj"], width, Patch).Transpose(0, 2, 3, 1).LayerNorm(s["patch_embed.norm"], Epsilon);
        var grid = x.Shape[1];
        for (var stage = 0; stage < depths.Length; stage++)
        {
            var at = s["layers"][stage];
            if (stage > 0) x = Merge(at["downsample"], x);
            var windows = Stage.Of(at, x, resolution: grid >> stage, window);
            for (var i = 0; i < depths[stage]; i++, number++)
                x = Block(at["blocks"][i], x, heads[stage], windows, shifts: i % 2 == 1, options.DropPathAt(number, blocks));
        }

        x = x.LayerNorm(s["norm"], Epsilon).Mean(1, 2);
        return x.Logits(s["head.fc"], options, LinearInitial.Small.Weight, LinearInitial.Small.Bias);
    };

    /// <summary>Each 2×2 pixels become one of twice the features (§3.1); [N, H, W, C].</summary>
    private static Value Merge(Scope s, Value x)
    {
        var four = Fourfold(x);
        return four.LayerNorm(s["norm"], Epsilon).Dense(s["reduction"], four.Shape[3] / 2, bias: false, LinearInitial.Small);
    }

    /// <summary>The features of each 2×2 pixels behind one another: [N, H, W, C] → [N, ⌈H/2⌉, ⌈W/2⌉, 4·C].</summary>
    internal static Value Fourfold(Value x)
    {
        x = Windows.PadTo(x, side: 2);
        var (n, h, w, c) = (x.Shape[0], x.Shape[1] / 2, x.Shape[2] / 2, x.Shape[3]);
        return x.Reshape(new Shape(n, h, 2, w, 2, c)).Transpose(0, 1, 3, 4, 2, 5).Reshape(new Shape(n, h, w, 4 * c));
    }

    /// <summary>Attention within windows and a feed-forward layer, each after a norm and around an identity (fig. 3b).</summary>
    private static Value Block(Scope s, Value x, int heads, Stage windows, bool shifts, double dropPath)
    {
        var y = Attend(s["attn"], x.LayerNorm(s["norm1"], Epsilon), heads, windows, shifts && windows.Shift > 0);
        x = x.Plus(y.DropPath(dropPath));
        y = x.LayerNorm(s["norm2"], Epsilon).FeedForward(s["mlp.fc1"], s["mlp.fc2"], MlpRatio * x.Shape[3], Nodes.Gelu, LinearInitial.Small);
        return x.Plus(y.DropPath(dropPath));
    }

    private static Value Attend(Scope s, Value x, int heads, Stage windows, bool shifts)
    {
        var (side, shift) = (windows.Side, shifts ? windows.Shift : 0);
        var table = s.Parameter("relative_position_bias_table", new Shape(((2 * side) - 1) * ((2 * side) - 1), heads), new Initializer.Normal(0.02));
        var bias = table.RelativeBias(windows.Positions, side * side);
        if (shifts) bias = bias.Plus(windows.Mask!);
        var padded = Windows.PadTo(Windows.Shift(x, -shift), side);
        var y = Windows.Partition(padded, side).SelfAttention(s["qkv"], s["proj"], heads, bias: bias, initial: LinearInitial.Small);
        return Windows.Shift(Windows.Crop(Windows.Join(y, padded.Shape, side), x.Shape[1], x.Shape[2]), shift);
    }

    private static ModelRow Row(string name, ModelBuilder builder) => new(name, "swin", builder)
    {
        Paper = "arXiv:2103.14030", Licence = "MIT", CropFraction = 0.9, Interpolation = Interpolation.Bicubic, DropPathRate = 0.1,
        OtherNames = [s_official],
    };

    /// <summary>The windows of a stage, and the constants of their attention.</summary>
    /// <param name="Side">Rows and columns of a window.</param>
    /// <param name="Shift">By how many pixels every second block shifts; 0 where one window covers the image.</param>
    /// <param name="Positions">Those of <see cref="Attention.RelativePositions"/>.</param>
    /// <param name="Mask">That of <see cref="Windows.Mask"/>; null without a shift.</param>
    internal sealed record Stage(int Side, int Shift, Value Positions, Value? Mask)
    {
        /// <summary>As timm has it, the side follows from the patch grid halved with rounding down, the mask from the image as it is.</summary>
        internal static Stage Of(Scope s, Value x, int resolution, int window)
        {
            if (resolution < 1) throw new ShapeException($"{s.Path} (windows): the patch grid is halved to nothing before it; wanted at least one pixel");
            var (side, shift) = (Math.Min(window, resolution), resolution <= window ? 0 : window / 2);
            var (h, w) = ((x.Shape[1] + side - 1) / side * side, (x.Shape[2] + side - 1) / side * side);
            return new(side, shift, s.Graph.RelativePositions(side, side), shift > 0 ? Windows.Mask(s.Graph, h, w, side, shift) : null);
        }
    }
}
