using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>How resampling weights what lies around a position.</summary>
public enum ResampleFilter
{
    /// <summary>By a triangle, 1 wide to either side.</summary>
    Bilinear,

    /// <summary>By Keys' cubic, 2 wide to either side (doi:10.1109/TASSP.1981.1163711).</summary>
    Bicubic,
}

/// <summary>The weights with which the positions of a line follow from those of another; PyTorch's <c>interpolate</c>, in double.</summary>
internal static class ResampleWeights
{
    /// <summary>PyTorch's and OpenCV's parameter of the cubic; with antialiasing it is Pillow's.</summary>
    private const double Sharp = -0.75;
    private const double Smooth = -0.5;

    /// <summary>A row of <paramref name="from"/> weights for each of <paramref name="to"/> positions.</summary>
    internal static float[] Of(int from, int to, ResampleFilter filter, bool antialias, bool alignCorners)
    {
        var weights = new double[to * (long)from];
        var scale = alignCorners ? (to > 1 ? (double)(from - 1) / (to - 1) : 0) : (double)from / to;
        for (var i = 0; i < to; i++)
        {
            var row = weights.AsSpan(i * from, from);
            if (antialias) Spread(row, scale * (i + 0.5), Math.Max(scale, 1), filter);
            else Take(row, alignCorners ? scale * i : (scale * (i + 0.5)) - 0.5, filter);
        }

        return [.. weights.Select(weight => (float)weight)];
    }

    /// <summary>The positions next to one; those outside are the last ones inside.</summary>
    private static void Take(Span<double> row, double position, ResampleFilter filter)
    {
        if (filter == ResampleFilter.Bilinear) position = Math.Max(position, 0);
        var (first, reach) = ((int)Math.Floor(position), filter == ResampleFilter.Bicubic ? 2 : 1);
        for (var tap = first - reach + 1; tap <= first + reach; tap++)
            row[Math.Clamp(tap, 0, row.Length - 1)] += Weight(filter, tap - position, Sharp);
    }

    /// <summary>All positions that a shrunken one covers; those outside are left out.</summary>
    private static void Spread(Span<double> row, double centre, double width, ResampleFilter filter)
    {
        var reach = (filter == ResampleFilter.Bicubic ? 2 : 1) * width;
        var (first, end) = (Math.Max((int)(centre - reach + 0.5), 0), Math.Min((int)(centre + reach + 0.5), row.Length));
        var total = 0.0;
        for (var tap = first; tap < end; tap++) total += row[tap] = Weight(filter, (tap - centre + 0.5) / width, Smooth);
        for (var tap = first; tap < end && total != 0; tap++) row[tap] /= total;
    }

    private static double Weight(ResampleFilter filter, double distance, double a)
    {
        var x = Math.Abs(distance);
        if (filter == ResampleFilter.Bilinear) return Math.Max(1 - x, 0);
        return x switch
        {
            < 1 => ((((a + 2) * x) - (a + 3)) * x * x) + 1,
            < 2 => ((((x - 5) * x) + 8) * x * a) - (4 * a),
            _ => 0,
        };
    }
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary>
    /// x [N, C, H, W] resized, as PyTorch's <c>interpolate</c> does with <c>mode</c> bilinear or bicubic: rows and columns each times a matrix of weights,
    /// so that it has a gradient and an ONNX form as any product.
    /// </summary>
    /// <param name="x">What is resized, f32.</param>
    /// <param name="height">Rows of the result, from 1.</param>
    /// <param name="width">Columns of the result, from 1.</param>
    /// <param name="filter">How it is weighted.</param>
    /// <param name="antialias">Whether what becomes smaller is averaged over all that it covers.</param>
    /// <param name="alignCorners">Whether the middles of the corners meet, and not their outer edges; not with antialiasing.</param>
    /// <exception cref="ShapeException">x has not four axes, or a size is not positive.</exception>
    public static Value Resample(this Value x, int height, int width, ResampleFilter filter, bool antialias = false, bool alignCorners = false)
    {
        if (x.Shape.Rank != 4 || height < 1 || width < 1 || (antialias && alignCorners))
            throw new ShapeException(
                $"x is {x.Type}, to {height}×{width}; wanted f32 [N, C, H, W] to at least one pixel, and aligned corners without antialiasing");
        var shape = x.Shape;
        x = Times(x.Reshape(new Shape(shape.N * shape.C * shape.H, shape.W)), width);
        x = x.Reshape(new Shape(shape.N, shape.C, shape.H, width)).Transpose(0, 1, 3, 2);
        x = Times(x.Reshape(new Shape(shape.N * shape.C * width, shape.H)), height);
        return x.Reshape(new Shape(shape.N, shape.C, width, height)).Transpose(0, 1, 3, 2);

        Value Times(Value lines, int to)
        {
            var from = lines.Shape[1];
            var weights = HostTensor.Of(new Shape(to, from), ResampleWeights.Of(from, to, filter, antialias, alignCorners));
            return lines.MatMul(x.Graph.Constant(weights), transposeB: true);
        }
    }
}
