using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Models.Building;

/// <summary>Layers of transformers. Tokens are [N, T, C]: T vectors of C features for each of N images or windows.</summary>
/// <remarks>Vaswani et al. 2017 (arXiv:1706.03762); Dosovitskiy et al. 2020 (arXiv:2010.11929).</remarks>
public static class Attention
{
    /// <summary>A fully connected layer along the last axis, x·wᵀ + b. PyTorch: nn.Linear.</summary>
    /// <param name="x">[…, inputs].</param>
    /// <param name="s">Where <c>weight</c> [features, inputs] and <c>bias</c> [features] are declared.</param>
    /// <param name="features">Outputs, from 1.</param>
    /// <param name="bias">Whether a bias is added.</param>
    /// <param name="initial">How it starts; by default as in PyTorch.</param>
    /// <returns>[…, features].</returns>
    public static Value Dense(this Value x, Scope s, int features, bool bias = true, LinearInitial? initial = null)
    {
        var last = x.Shape.Rank - 1;
        var inputs = x.Shape[last];
        var w = s.Parameter("weight", new Shape(features, inputs), initial?.Weight ?? Initializer.FanInUniform);
        var y = x.Reshape(new Shape((int)(x.Shape.Elements / inputs), inputs)).MatMul(w, transposeB: true);
        if (bias) y = y.Plus(s.Parameter("bias", new Shape(features), initial?.Bias ?? new Initializer.Uniform(1 / Math.Sqrt(inputs))));
        return y.Reshape(x.Shape.With(last, features));
    }

    /// <summary>Two fully connected layers with an activation between them.</summary>
    /// <param name="x">[…, C].</param>
    /// <param name="up">Where the first is declared.</param>
    /// <param name="down">Where the second is declared.</param>
    /// <param name="hidden">Features between them, from 1.</param>
    /// <param name="activation">The activation.</param>
    /// <param name="initial">How both start; by default as in PyTorch.</param>
    /// <returns>[…, C].</returns>
    public static Value FeedForward(this Value x, Scope up, Scope down, int hidden, Func<Value, Value> activation, LinearInitial? initial = null) =>
        activation(x.Dense(up, hidden, bias: true, initial)).Dense(down, x.Shape[x.Shape.Rank - 1], bias: true, initial);

    /// <summary>An image cut into patches that do not overlap, each made to one pixel by a convolution with PyTorch's default initialisers.</summary>
    /// <param name="x">[N, C, H, W].</param>
    /// <param name="s">Where <c>weight</c> [channels, C, side, side] and <c>bias</c> [channels] are declared.</param>
    /// <param name="channels">Output channels, from 1.</param>
    /// <param name="side">Rows and columns of a patch, from 1.</param>
    /// <returns>[N, channels, ⌊H/side⌋, ⌊W/side⌋].</returns>
    /// <exception cref="ShapeException">The image is smaller than a patch.</exception>
    public static Value Patches(this Value x, Scope s, int channels, int side) =>
        x.Conv(s, channels, side, stride: side, padding: 0, bias: true, initial: Initializer.FanInUniform);

    /// <summary>An image as tokens, row by row: [N, C, H, W] → [N, H·W, C].</summary>
    public static Value Tokens(this Value x) => x.Transpose(0, 2, 3, 1).Reshape(new Shape(x.Shape.N, x.Shape.H * x.Shape.W, x.Shape.C));

    /// <summary>A learned token in front of the others, and a learned position added to each.</summary>
    /// <param name="x">[N, T, C].</param>
    /// <param name="first">The token, [1, 1, C].</param>
    /// <param name="positions">The positions, [1, T + 1, C].</param>
    /// <returns>[N, T + 1, C].</returns>
    public static Value WithFirst(this Value x, Value first, Value positions) =>
        x.Pad(axis: 1, before: 1, after: 0).Plus(first.Pad(axis: 1, before: 0, after: x.Shape.C).Plus(positions));

    /// <summary>The first token of each image: [N, T, C] → [N, C].</summary>
    public static Value First(this Value x) => x.Slice(axis: 1, start: 0, size: 1).Reshape(new Shape(x.Shape.N, x.Shape.H));

    /// <summary>Self-attention with several heads: x·Wqkv, <see cref="Attend"/>, ·Wproj.</summary>
    /// <param name="x">[N, T, C].</param>
    /// <param name="qkv">Where the layer is declared that makes queries, keys and values of a token, 3·heads·width features in this order.</param>
    /// <param name="proj">Where the layer is declared that joins the heads; null where nothing does.</param>
    /// <param name="heads">Heads, from 1.</param>
    /// <param name="width">Features of a head; by default C/heads.</param>
    /// <param name="bias">Added to the scores; see <see cref="Attend"/>.</param>
    /// <param name="qkvBias">Whether the first layer has a bias.</param>
    /// <param name="initial">How both layers start; by default as in PyTorch.</param>
    /// <returns>[N, T, C].</returns>
    public static Value SelfAttention(
        this Value x, Scope qkv, Scope? proj, int heads, int? width = null, Value? bias = null, bool qkvBias = true, LinearInitial? initial = null)
    {
        var head = width ?? (x.Shape.H / heads);
        var all = x.Dense(qkv, 3 * heads * head, qkvBias, initial);
        var y = Attend(Part(0), Part(1), Part(2), 1 / Math.Sqrt(head), bias).JoinHeads();
        return proj is { } join ? y.Dense(join, x.Shape.H, bias: true, initial) : y;

        Value Part(int part) => all.Heads(heads, part, parts: 3);
    }

    /// <summary>A part of the features of tokens, head by head: [N, T, parts·heads·D] → [N, heads, T, D].</summary>
    /// <param name="x">The tokens.</param>
    /// <param name="heads">Heads, from 1.</param>
    /// <param name="part">Which part, from 0.</param>
    /// <param name="parts">In how many parts the features fall.</param>
    public static Value Heads(this Value x, int heads, int part = 0, int parts = 1)
    {
        var width = x.Shape.H / parts;
        var features = parts == 1 ? x : x.Slice(axis: 2, part * width, width);
        return features.Reshape(new Shape(x.Shape.N, x.Shape.C, heads, width / heads)).Transpose(0, 2, 1, 3);
    }

    /// <summary>The inverse of <see cref="Heads"/>: [N, heads, T, D] → [N, T, heads·D].</summary>
    public static Value JoinHeads(this Value x) => x.Transpose(0, 2, 1, 3).Reshape(new Shape(x.Shape.N, x.Shape.H, x.Shape.C * x.Shape.W));

    /// <summary>softmax(scale·q·kᵀ + bias)·v. PyTorch: F.scaled_dot_product_attention.</summary>
    /// <param name="q">Queries, [N, heads, T, D].</param>
    /// <param name="k">Keys, [N, heads, K, D].</param>
    /// <param name="v">Values, [N, heads, K, D].</param>
    /// <param name="scale">Multiplies the scores; mostly 1/√D.</param>
    /// <param name="bias">
    /// Added to the scores: [windows, heads or 1, T, K], where N is a multiple of windows and the windows of an image follow one another.
    /// </param>
    /// <returns>[N, heads, T, D].</returns>
    public static Value Attend(Value q, Value k, Value v, double scale, Value? bias = null) =>
        Biased(q.Times(scale).MatMul(k, transposeB: true), bias).Softmax().MatMul(v);

    /// <summary>The same with features before tokens, as a convolution leaves them: q [N, heads, D, T], k and v [N, heads, D, K].</summary>
    /// <returns>[N, heads, D, T].</returns>
    public static Value AttendImages(Value q, Value k, Value v, double scale, Value? bias = null) =>
        v.MatMul(Biased(q.Times(scale).MatMul(k, transposeA: true), bias).Softmax(), transposeB: true);

    /// <summary>For each pair of pixels of an h×w window, the row of a table of (2h − 1)·(2w − 1) relative positions: s32 [(h·w)²].</summary>
    /// <remarks>The row of (i, j) is (yᵢ − yⱼ + h − 1)·(2w − 1) + xᵢ − xⱼ + w − 1 (Liu et al. 2021, arXiv:2103.14030, §3.2).</remarks>
    public static Value RelativePositions(this Graph graph, int h, int w)
    {
        var tokens = h * w;
        var rows = new HostTensor(new TensorType(DType.Int32, new Shape(tokens * tokens)));
        var ints = rows.Ints;
        for (var i = 0; i < tokens; i++)
            for (var j = 0; j < tokens; j++)
                ints[(i * tokens) + j] = (((i / w) - (j / w) + h - 1) * ((2 * w) - 1)) + (i % w) - (j % w) + w - 1;
        return graph.Constant(rows);
    }

    /// <summary>The learned bias of each pair of pixels: table [positions, heads] → [1, heads, T, T].</summary>
    /// <param name="table">The table.</param>
    /// <param name="positions">Those of <see cref="RelativePositions"/>, [T²].</param>
    /// <param name="tokens">T, the pixels of a window.</param>
    public static Value RelativeBias(this Value table, Value positions, int tokens) =>
        table.Take(positions).Transpose(1, 0).Reshape(new Shape(1, table.Shape.C, tokens, tokens));

    private static Value Biased(Value scores, Value? bias)
    {
        if (bias is null) return scores;
        var (windows, s) = (bias.Shape.N, scores.Shape);
        if (windows == 1) return scores.Plus(bias);
        var whole = bias.BroadcastTo(new Shape(windows, s.C, s.H, s.W)).Reshape(new Shape(1, windows * s.C, s.H, s.W));
        return scores.Reshape(new Shape(s.N / windows, windows * s.C, s.H, s.W)).Plus(whole).Reshape(s);
    }
}
