using Fovea.Graphs;
using Fovea.Images;
using Fovea.Models.Building;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Models.ImageNet;

/// <summary>Vision transformers (Dosovitskiy et al. 2020, arXiv:2010.11929; Steiner et al. 2021, arXiv:2106.10270); names follow timm.</summary>
/// <remarks>
/// The image is cut into patches that do not overlap; what is left over at its right and lower edge is not seen. There is one learned
/// position for each patch of the chosen image size.
/// </remarks>
internal static class VisionTransformer
{
    private const double Epsilon = 1e-6;
    private const int MlpRatio = 4;

    private static readonly IReadOnlyList<double> s_half = [0.5, 0.5, 0.5];
    private static readonly ModelBuilder s_base8 = Of(patch: 8, width: 768, heads: 12);
    private static readonly ModelBuilder s_base16 = Of(patch: 16, width: 768, heads: 12);
    private static readonly ModelBuilder s_base32 = Of(patch: 32, width: 768, heads: 12);
    private static readonly ModelBuilder s_large16 = Of(patch: 16, width: 1024, heads: 16, depth: 24);
    private static readonly ModelBuilder s_large32 = Of(patch: 32, width: 1024, heads: 16, depth: 24);
    private static readonly ModelBuilder s_small8 = Of(patch: 8, width: 384, heads: 6);
    private static readonly ModelBuilder s_small16 = Of(patch: 16, width: 384, heads: 6);
    private static readonly ModelBuilder s_small32 = Of(patch: 32, width: 384, heads: 6);
    private static readonly ModelBuilder s_tiny16 = Of(patch: 16, width: 192, heads: 3);

    /// <summary>The tiny, small, base and large models of the papers.</summary>
    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("vit_base_patch16_224", s_base16),
        Large("vit_base_patch16_384", s_base16),
        Row("vit_base_patch32_224", s_base32),
        Large("vit_base_patch32_384", s_base32),
        Row("vit_base_patch8_224", s_base8),
        Row("vit_large_patch16_224", s_large16),
        Large("vit_large_patch16_384", s_large16),
        Row("vit_large_patch32_224", s_large32),
        Large("vit_large_patch32_384", s_large32),
        Row("vit_small_patch16_224", s_small16),
        Large("vit_small_patch16_384", s_small16),
        Row("vit_small_patch32_224", s_small32),
        Large("vit_small_patch32_384", s_small32),
        Row("vit_small_patch8_224", s_small8) with { Mean = [0.485, 0.456, 0.406], Std = [0.229, 0.224, 0.225] },
        Row("vit_tiny_patch16_224", s_tiny16),
        Large("vit_tiny_patch16_384", s_tiny16),
    ];

    /// <summary>The catalogue's delegate for patches of the given side, C features and heads.</summary>
    internal static ModelBuilder Of(int patch, int width, int heads, int depth = 12) => (s, x, options) =>
    {
        var tokens = x.Shape.H / patch * (x.Shape.W / patch);
        var first = s.Parameter("cls_token", new Shape(1, 1, width), new Initializer.Normal(1e-6));
        var positions = s.Parameter("pos_embed", new Shape(1, tokens + 1, width), new Initializer.Normal(0.02));
        x = x.Patches(s["patch_embed.proj"], width, patch).Tokens().WithFirst(first, positions);
        for (var i = 0; i < depth; i++)
        {
            var dropPath = options.DropPathAt(i, depth);
            x = Block(s["blocks"][i], x, heads, MlpRatio * width, Epsilon, Nodes.Gelu, dropPath, LinearInitial.Small);
        }

        x = x.First().LayerNorm(s["norm"], Epsilon);
        return x.Logits(s["head"], options, LinearInitial.Small.Weight, LinearInitial.Small.Bias);
    };

    /// <summary>Attention and a feed-forward layer, each after a norm and around an identity (fig. 1, right).</summary>
    /// <param name="s">Where its layers are declared.</param>
    /// <param name="x">[N, T, C].</param>
    /// <param name="heads">Heads.</param>
    /// <param name="hidden">Features inside the feed-forward layer.</param>
    /// <param name="epsilon">That of the norms.</param>
    /// <param name="activation">That of the feed-forward layer.</param>
    /// <param name="dropPath">How often training leaves a branch out, 0 to below 1.</param>
    /// <param name="initial">How linear layers start.</param>
    internal static Value Block(
        Scope s, Value x, int heads, int hidden, double epsilon, Func<Value, Value> activation, double dropPath, LinearInitial initial)
    {
        var y = x.LayerNorm(s["norm1"], epsilon).SelfAttention(s["attn.qkv"], s["attn.proj"], heads, initial: initial);
        x = x.Plus(y.DropPath(dropPath));
        y = x.LayerNorm(s["norm2"], epsilon).FeedForward(s["mlp.fc1"], s["mlp.fc2"], hidden, activation, initial);
        return x.Plus(y.DropPath(dropPath));
    }

    private static ModelRow Row(string name, ModelBuilder builder) => new(name, "vit", builder)
    {
        Paper = "arXiv:2010.11929", Licence = "Apache-2.0", Mean = s_half, Std = s_half, CropFraction = 0.9, Interpolation = Interpolation.Bicubic,
    };

    private static ModelRow Large(string name, ModelBuilder builder) => Row(name, builder) with { ImageSize = 384, CropFraction = 1 };
}
