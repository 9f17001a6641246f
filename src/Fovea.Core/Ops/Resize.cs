using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>Brings images to another size: x [N, C, H, W] → y [N, C, Height, Width].</summary>
/// <remarks>
/// PyTorch: F.interpolate without antialiasing. ONNX: Resize with coordinates half_pixel or align_corners; nearest is asymmetric and floor.
/// </remarks>
/// <param name="Height">Rows of the result, from 1.</param>
/// <param name="Width">Columns of the result, from 1.</param>
/// <param name="Mode">How pixels between those of x are found.</param>
/// <param name="AlignCorners">Whether the centres of the corner pixels coincide, instead of the edges of the image; bilinear only.</param>
public sealed record Resize(int Height, int Width, ResizeMode Mode, bool AlignCorners = false) : Op
{
    /// <inheritdoc/>
    public override string Name => "resize";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(1, inputs.Length, this);
        CheckSizes(this, inputs[0], Height, Width, Mode, AlignCorners);
        return [inputs[0] with { Shape = inputs[0].Shape.With(2, Height).With(3, Width) }];
    }

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy)
    {
        var x = node.Inputs[0].Shape;
        return [node.Graph.Add(new ResizeGradient(x.H, x.W, Mode, AlignCorners), dy[0]!)];
    }

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) =>
        Graphs.Cost.OfFlops((Mode == ResizeMode.Bilinear ? 8 : 0) * results[0].Shape.Elements, inputs, results);

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var (x, y) = (inputs[0], results[0]);
        Walk(x.Shape, y.Shape, Mode, AlignCorners, (from, to, weight) => y[to] += weight * x[from]);
    }

    /// <inheritdoc/>
    public override void Print(AttributeWriter to)
    {
        to.Add("height", Height);
        to.Add("width", Width);
        to.Add("mode", Mode == ResizeMode.Bilinear ? "bilinear" : "nearest");
        to.Add("align_corners", AlignCorners);
    }

    internal static Resize Parse(AttributeReader from) =>
        new(from.Integer("height"), from.Integer("width"), ParseMode(from), from.Flag("align_corners"));

    internal static ResizeMode ParseMode(AttributeReader from) => from.Word("mode") switch
    {
        "bilinear" => ResizeMode.Bilinear,
        "nearest" => ResizeMode.Nearest,
        var other => throw new GraphException($"resize: the mode '{other}'; wanted bilinear or nearest"),
    };

    internal static void CheckSizes(Op op, TensorType x, int height, int width, ResizeMode mode, bool alignCorners)
    {
        Check.That(x.DType.IsFloat && x.Shape.Rank == 4, op, $"x is {x}; wanted fractions [N, C, H, W]");
        Check.That(x.Shape.H > 0 && x.Shape.W > 0 && height > 0 && width > 0, op, $"x {x.Shape} to {height}×{width}; wanted at least one pixel");
        Check.That(Math.Max(Math.Max(x.Shape.H, x.Shape.W), Math.Max(height, width)) <= GraphLimits.Resized, op,
            $"x {x.Shape} to {height}×{width}; wanted at most {GraphLimits.Resized} rows and columns");
        Check.That(mode == ResizeMode.Bilinear || !alignCorners, op, $"nearest with aligned corners; wanted bilinear");
    }

    /// <summary>Visits each pair of pixels where the second depends on the first, with the weight.</summary>
    internal static void Walk(Shape x, Shape y, ResizeMode mode, bool alignCorners, Action<long, long, double> visit)
    {
        var rows = ResizeTap.Line(x.H, y.H, mode, alignCorners);
        var columns = ResizeTap.Line(x.W, y.W, mode, alignCorners);
        for (var plane = 0L; plane < (long)x.N * x.C; plane++)
            for (var i = 0; i < rows.Length; i++)
                for (var j = 0; j < columns.Length; j++)
                {
                    var to = (((plane * y.H) + i) * y.W) + j;
                    Row(rows[i].First, 1 - rows[i].Weight);
                    if (rows[i].Weight != 0) Row(rows[i].Second, rows[i].Weight);

                    void Row(int row, double weight)
                    {
                        var from = ((plane * x.H) + row) * x.W;
                        visit(from + columns[j].First, to, weight * (1 - columns[j].Weight));
                        if (columns[j].Weight != 0) visit(from + columns[j].Second, to, weight * columns[j].Weight);
                    }
                }
    }
}

/// <summary>The gradient of <see cref="Resize"/>: dy [N, C, H', W'] → dx [N, C, Height, Width].</summary>
/// <param name="Height">Rows of x.</param>
/// <param name="Width">Columns of x.</param>
/// <param name="Mode">That of the resizing.</param>
/// <param name="AlignCorners">That of the resizing.</param>
public sealed record ResizeGradient(int Height, int Width, ResizeMode Mode, bool AlignCorners) : Op
{
    /// <inheritdoc/>
    public override string Name => "resize_gradient";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(1, inputs.Length, this);
        Resize.CheckSizes(this, inputs[0], Height, Width, Mode, AlignCorners);
        return [inputs[0] with { Shape = inputs[0].Shape.With(2, Height).With(3, Width) }];
    }

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy)
    {
        var y = node.Inputs[0].Shape;
        return [dy[0]!.Resize(y.H, y.W, Mode, AlignCorners)];
    }

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) =>
        Graphs.Cost.OfFlops((Mode == ResizeMode.Bilinear ? 8 : 1) * inputs[0].Shape.Elements, inputs, results);

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var (dy, dx) = (inputs[0], results[0]);
        Resize.Walk(dx.Shape, dy.Shape, Mode, AlignCorners, (from, to, weight) => dx[from] += weight * dy[to]);
    }

    /// <inheritdoc/>
    public override void Print(AttributeWriter to) => new Resize(Height, Width, Mode, AlignCorners).Print(to);

    internal static ResizeGradient Parse(AttributeReader from) =>
        new(from.Integer("height"), from.Integer("width"), Resize.ParseMode(from), from.Flag("align_corners"));
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.Resize"/>; x itself where it has that size.</summary>
    public static Value Resize(this Value x, int height, int width, ResizeMode mode = ResizeMode.Bilinear, bool alignCorners = false) =>
        x.Shape.Rank == 4 && x.Shape.H == height && x.Shape.W == width ? x : x.Graph.Add(new Resize(height, width, mode, alignCorners), x);
}
