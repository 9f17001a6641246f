using System.Globalization;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Passes;

/// <summary>Makes an inference graph take images of another size, with the same parameters.</summary>
/// <remarks>
/// Convolutions and pools keep their windows, pools over a whole image stay so, reshapes and slices take the new extents where it is plain which of
/// theirs are the image's. Graphs whose parameters belong to places of the image (embedded positions, flattened images, windows of tokens) are refused.
/// </remarks>
/// <param name="height">Rows, from 1.</param>
/// <param name="width">Columns, from 1.</param>
public sealed class ResizeImages(int height, int width) : Pass
{
    /// <summary>What the rows and columns of images within the graph become, by what they were.</summary>
    private readonly Dictionary<(int H, int W), (int H, int W)> _images = [];

    /// <inheritdoc/>
    public override string Name => "resize_images";

    /// <inheritdoc/>
    /// <exception cref="GraphException">The graph cannot take images of this size; the message says where.</exception>
    public override Graph Apply(Graph source)
    {
        var size = string.Create(CultureInfo.InvariantCulture, $"{height}×{width}");
        _images.Clear();
        try
        {
            var graph = base.Apply(source);
            foreach (var (name, value) in source.Outputs)
                if (graph.Output(name).Type != value.Type) throw new GraphException($"the output '{name}' would become {graph.Output(name).Type}");
            return graph;
        }
        catch (Exception e) when (e is ShapeException or GraphException or OverflowException)
        {
            throw new GraphException($"the graph '{source.Name}' cannot take images of {size}: {e.Message}");
        }
    }

    /// <inheritdoc/>
    protected override Value[]? Rewrite(Node node, Remap to)
    {
        if (node.Op is Variable variable)
            return variable is { Kind: VariableKind.Input, Type.Shape.Rank: 4 } ? [to.Graph.Declare(variable with { Type = Resized(variable.Type) })] : null;
        if (node.Inputs.Count == 0 || node.Inputs.All(input => to[input].Shape == input.Shape)) return null;
        var (was, x) = (node.Inputs[0].Shape, to[node.Inputs[0]]);
        foreach (var input in node.Inputs)
            if (input.Shape.Rank == 4 && to[input].Shape != input.Shape) _images.TryAdd((input.Shape.H, input.Shape.W), (to[input].Shape.H, to[input].Shape.W));
        Op? op = node.Op switch
        {
            AvgPool pool when IsWhole(pool.KernelH, pool.KernelW, pool.Window, was) => pool with { KernelH = x.Shape.H, KernelW = x.Shape.W },
            MaxPool pool when IsWhole(pool.KernelH, pool.KernelW, pool.Window, was) => pool with { KernelH = x.Shape.H, KernelW = x.Shape.W },
            Reshape reshape => new Reshape(Reshaped(was, reshape.Shape, x.Shape)),
            Slice slice => slice with { Sizes = Sliced(slice, was, x.Shape) },
            Broadcast broadcast => new Broadcast(Spread(broadcast.Shape, was, x.Shape)),
            Resize resize => resize with { Height = Scaled(resize.Height, was.H, x.Shape.H), Width = Scaled(resize.Width, was.W, x.Shape.W) },
            _ => null,
        };
        return op is null ? null : [to.Graph.Add(op, x)];
    }

    private TensorType Resized(TensorType images) => images with { Shape = images.Shape.With(2, height).With(3, width) };

    private static bool IsWhole(int kernelH, int kernelW, Window2d window, Shape x) => (kernelH, kernelW) == (x.H, x.W) && window == Window2d.Of();

    /// <summary>
    /// Both shapes fall into groups of axes with as many elements. A group that changed must be one axis in the result, beside those of extent 1, or the
    /// rows and columns of an image that was one axis.
    /// </summary>
    private Shape Reshaped(Shape was, Shape result, Shape now)
    {
        var (i, j) = (0, 0);
        while (i < was.Rank && j < result.Rank)
        {
            var (firstI, firstJ, before, after) = (i, j, (long)was[i++], (long)result[j++]);
            while (before != after)
            {
                if (before < after) before *= was[i++];
                else after *= result[j++];
            }

            // What is left over has extents of 1.
            if (i == was.Rank) j = result.Rank;
            else if (j == result.Rank) i = was.Rank;
            result = Grouped(result, firstJ, j, before, Product(now, firstI, i));
        }

        return result;
    }

    private Shape Grouped(Shape result, int first, int end, long before, long after)
    {
        if (before == after) return result;
        var wide = Enumerable.Range(first, end - first).Where(axis => result[axis] != 1).ToArray();
        if (wide is [var rows, var columns] && _images.TryGetValue((result[rows], result[columns]), out var image) && (long)image.H * image.W == after)
            return result.With(rows, image.H).With(columns, image.W);
        return wide.Length <= 1
            ? result.With(wide.Length == 1 ? wide[0] : first, after)
            : throw new GraphException(
                $"a reshape to {result} divides {before} elements, which become {after}, in a way that depends on the size of the image");
    }

    private static long Product(Shape shape, int first, int end)
    {
        var product = 1L;
        for (var axis = first; axis < end; axis++) product *= shape[axis];
        return product;
    }

    /// <summary>What reached the end of an axis still does.</summary>
    private static Shape Sliced(Slice slice, Shape was, Shape now)
    {
        var sizes = slice.Sizes;
        for (var axis = 0; axis < sizes.Rank; axis++)
        {
            if (now[axis] == was[axis] || slice.Starts[axis] + ((long)slice.Sizes[axis] * slice.Steps[axis]) < was[axis]) continue;
            sizes = sizes.With(axis, (now[axis] - slice.Starts[axis] + slice.Steps[axis] - 1L) / slice.Steps[axis]);
        }

        return sizes;
    }

    private static Shape Spread(Shape result, Shape was, Shape now)
    {
        for (var axis = 0; axis < was.Rank; axis++)
        {
            var aligned = axis + result.Rank - was.Rank;
            if (now[axis] != was[axis] && result[aligned] == was[axis]) result = result.With(aligned, now[axis]);
        }

        return result;
    }

    private static int Scaled(int result, int was, int now) => (long)result * now % was == 0
        ? (int)((long)result * now / was)
        : throw new GraphException($"it resizes {was} rows or columns to {result}, and {now} to no whole number");
}
