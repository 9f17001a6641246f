using System.Buffers;
using Fovea.Data.Augment.Resampling;
using Fovea.Data.Decoding;

namespace Fovea.Data.Augment.Pixels;

/// <summary>Blurs, across and then down in float64, rounded once.</summary>
internal static class Blurs
{
    /// <summary>By a Gaussian, whose weights beyond 3σ count as 0 and whose sum is 1. torchvision: <c>gaussian_blur</c>.</summary>
    public static void Gaussian(PixelView source, RgbImage target, double sigma)
    {
        var radius = Math.Max((int)Math.Ceiling(3 * sigma), 1);
        Span<double> weights = stackalloc double[(2 * radius) + 1];
        var sum = 0.0;
        for (var i = 0; i < weights.Length; i++) sum += weights[i] = Math.Exp(-0.5 * Math.Pow((i - radius) / sigma, 2));
        foreach (ref var weight in weights) weight /= sum;

        var (height, stride) = (source.Height, 3 * source.Width);
        var between = ArrayPool<double>.Shared.Rent(stride * height);
        var line = ArrayPool<double>.Shared.Rent(stride);
        for (var y = 0; y < height; y++) Across(source.Row(y), between.AsSpan(y * stride, stride), weights, radius);
        for (var y = 0; y < height; y++) Down(between, height, y, line.AsSpan(0, stride), target.Row(y), weights, radius);
        ArrayPool<double>.Shared.Return(between);
        ArrayPool<double>.Shared.Return(line);
    }

    private static void Across(ReadOnlySpan<byte> row, Span<double> write, ReadOnlySpan<double> weights, int radius)
    {
        var width = row.Length / 3;
        write.Clear();
        for (var k = -radius; k <= radius; k++)
        {
            var weight = weights[k + radius];
            for (var x = 0; x < width; x++)
            {
                var at = x + k >= 0 && x + k < width ? x + k : Reflection.At(x + k, width);
                write[3 * x] += weight * row[3 * at];
                write[(3 * x) + 1] += weight * row[(3 * at) + 1];
                write[(3 * x) + 2] += weight * row[(3 * at) + 2];
            }
        }
    }

    private static void Down(ReadOnlySpan<double> rows, int height, int y, Span<double> line, Span<byte> write, ReadOnlySpan<double> weights, int radius)
    {
        line.Clear();
        for (var k = -radius; k <= radius; k++)
        {
            var weight = weights[k + radius];
            var row = rows.Slice(Reflection.At(y + k, height) * line.Length, line.Length);
            for (var i = 0; i < row.Length; i++) line[i] += weight * row[i];
        }

        for (var i = 0; i < line.Length; i++) write[i] = (byte)Math.Clamp((int)Math.Round(line[i]), 0, 255);
    }
}
