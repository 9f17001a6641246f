using Fovea.Backends.OneDnn.Interop;
using Fovea.Tensors;
using static Fovea.Backends.OneDnn.Tests.Interop.Workbench;

namespace Fovea.Backends.OneDnn.Tests.Interop;

/// <summary>A convolution small enough for plain loops: x [N, C, H, W], w [K, C/G, R, S].</summary>
internal sealed record ConvolutionProblem(
    int N, int C, int H, int W0, int K, int R, int S, int Stride = 1, int Padding = 0, int Dilation = 1, int Groups = 1)
{
    internal static Dictionary<string, ConvolutionProblem> All { get; } = new()
    {
        ["1x1"] = new(N: 2, C: 5, H: 6, W0: 7, K: 4, R: 1, S: 1),
        ["1x1, stride 2"] = new(N: 1, C: 16, H: 7, W0: 7, K: 20, R: 1, S: 1, Stride: 2),
        ["3x3, image channels, stride 2, padded"] = new(N: 2, C: 3, H: 11, W0: 9, K: 18, R: 3, S: 3, Stride: 2, Padding: 1),
        ["3x3, padded, more channels than a vector"] = new(N: 2, C: 32, H: 10, W0: 10, K: 32, R: 3, S: 3, Padding: 1),
        ["3x3, dilated"] = new(N: 1, C: 8, H: 12, W0: 12, K: 8, R: 3, S: 3, Padding: 2, Dilation: 2),
        ["grouped"] = new(N: 2, C: 8, H: 8, W0: 8, K: 12, R: 3, S: 3, Padding: 1, Groups: 4),
        ["depthwise, stride 2"] = new(N: 2, C: 20, H: 9, W0: 9, K: 20, R: 3, S: 3, Stride: 2, Padding: 1, Groups: 20),
        ["oblong kernel"] = new(N: 1, C: 4, H: 8, W0: 8, K: 6, R: 1, S: 5),
    };

    internal Shape X => new(N, C, H, W0);

    internal Shape W => new(K, C / Groups, R, S);

    internal Shape GroupedW => Groups == 1 ? W : new(Groups, K / Groups, C / Groups, R, S);

    internal Shape Y => new(N, K, Extent(H, R), Extent(W0, S));

    internal ConvolutionWindow Window => ConvolutionWindow.Square(Stride, Padding, Dilation);

    /// <summary>Calls with the index of an input, a weight and an output for each product of the sum.</summary>
    internal void ForEachTap(Action<int, int, int> tap)
    {
        var (y, perGroup) = (Y, C / Groups);
        foreach (var (n, k, ho, wo) in Indices(N, K, y.H, y.W))
        {
            foreach (var (_, c, r, s) in Indices(1, perGroup, R, S))
            {
                var (hi, wi) = ((ho * Stride) - Padding + (r * Dilation), (wo * Stride) - Padding + (s * Dilation));
                if (hi < 0 || hi >= H || wi < 0 || wi >= W0) continue;
                var channel = (k / (K / Groups) * perGroup) + c;
                tap((((((n * C) + channel) * H) + hi) * W0) + wi, (((((k * perGroup) + c) * R) + r) * S) + s, (((((n * K) + k) * y.H) + ho) * y.W) + wo);
            }
        }
    }

    internal PrimitiveDesc Forward(Propagation propagation, DType type, MemoryDesc? bias, Attributes? attributes = null)
    {
        var desc = Api.ConvolutionForward(
            propagation, ConvolutionAlgorithm.Direct, Api.Any(type, X), Api.Any(type, GroupedW), bias, Api.Any(type, Y), Window, attributes);
        Assert.NotNull(desc);
        return desc;
    }

    private static IEnumerable<(int A, int B, int C, int D)> Indices(int a, int b, int c, int d)
    {
        for (var i = 0; i < a; i++)
            for (var j = 0; j < b; j++)
                for (var k = 0; k < c; k++)
                    for (var l = 0; l < d; l++)
                        yield return (i, j, k, l);
    }

    private int Extent(int size, int kernel) => ((size + (2 * Padding) - (Dilation * (kernel - 1)) - 1) / Stride) + 1;
}
