using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Models.Cifar;

/// <summary>A vision transformer (Dosovitskiy et al. 2020, arXiv:2010.11929) for small images; names and initialisers follow pytorch-cifar-tricks.</summary>
/// <remarks>
/// The image is cut into 8×8 patches of any size. Unlike the paper's, scores are divided by the root of all features rather than of a head's,
/// and a second GELU ends the feed-forward layer.
/// </remarks>
internal static class CifarVisionTransformer
{
    private const double Epsilon = 1e-5;
    private const int Grid = 8;
    private const int Width = 384;
    private const int Hidden = 4 * Width;
    private const int Heads = 8;
    private const int Depth = 7;

    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        CifarRow.Of("cifar_vision_transformer", "cifar_vit", Build, "arXiv:2010.11929") with { ImageSizeStep = Grid },
    ];

    private static Value Build(Scope s, Value x, ModelOptions options)
    {
        var first = s.Parameter("cls_token", new Shape(1, 1, Width), new Initializer.Normal(1));
        var positions = s.Parameter("pos_emb", new Shape(1, (Grid * Grid) + 1, Width), new Initializer.Normal(1));
        x = Words(s["emb"], x).Dense(s["emb"], Width).WithFirst(first, positions);
        for (var i = 0; i < Depth; i++) x = Block(s["enc"][i], x);
        x = x.First().LayerNorm(s["fc.0"], Epsilon);
        return x.Logits(s["fc.1"], options);
    }

    /// <summary>The pixels of each patch one after the other, channels last: [N, 64, side²·C].</summary>
    private static Value Words(Scope s, Value x)
    {
        var (n, c, side) = (x.Shape.N, x.Shape.C, x.Shape.H / Grid);
        if (side == 0 || x.Shape.H / side != Grid || x.Shape.W != x.Shape.H)
            throw new ShapeException($"{s.Path} (patches): x {x.Shape} does not fall into {Grid}×{Grid} patches; wanted multiples of {Grid}");
        var whole = new Shape(n, c, Grid * side, Grid * side);
        if (whole != x.Shape) x = x.Slice(new Shape(0, 0, 0, 0), whole);
        return x.Reshape(new Shape(n, c, Grid, side, Grid, side)).Transpose(0, 2, 4, 3, 5, 1).Reshape(new Shape(n, Grid * Grid, side * side * c));
    }

    private static Value Block(Scope s, Value x)
    {
        x = Attend(s["msa"], x.LayerNorm(s["la1"], Epsilon)).Plus(x);
        return x.LayerNorm(s["la2"], Epsilon).FeedForward(s["mlp.0"], s["mlp.3"], Hidden, Nodes.Gelu).Gelu().Plus(x);
    }

    private static Value Attend(Scope s, Value x)
    {
        var (q, k, v) = (x.Dense(s["q"], Width).Heads(Heads), x.Dense(s["k"], Width).Heads(Heads), x.Dense(s["v"], Width).Heads(Heads));
        return Attention.Attend(q, k, v, scale: 1 / Math.Sqrt(Width)).JoinHeads().Dense(s["o"], Width);
    }
}
