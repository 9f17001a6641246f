using Fovea.Backends.OneDnn.Interop;
using Fovea.Tensors;
using static Fovea.Backends.OneDnn.Interop.DnnlArg;
using static Fovea.Backends.OneDnn.Tests.Interop.Workbench;

namespace Fovea.Backends.OneDnn.Tests.Interop;

public sealed class PoolingTests
{
    private static readonly Shape s_x = new(2, 5, 7, 7);
    private static readonly Shape s_y = new(2, 5, 4, 4);
    private static readonly PoolingWindow s_window = PoolingWindow.Square(kernel: 3, stride: 2, padding: 1);

    [Theory]
    [InlineData(nameof(PoolingKind.Max), "nchw")]
    [InlineData(nameof(PoolingKind.Max), "nhwc")]
    [InlineData(nameof(PoolingKind.AverageIncludePadding), "nchw")]
    [InlineData(nameof(PoolingKind.AverageExcludePadding), "nchw")]
    [InlineData(nameof(PoolingKind.AverageExcludePadding), "nhwc")]
    public void Value_and_gradient_agree_with_plain_loops(string kindName, string layout)
    {
        var kind = Enum.Parse<PoolingKind>(kindName);
        var (src, dst) = layout == "nchw"
            ? (Api.Plain(DType.Float32, s_x), Api.Plain(DType.Float32, s_y))
            : (Api.ChannelsLast(DType.Float32, s_x), Api.ChannelsLast(DType.Float32, s_y));
        using var bench = new Workbench();
        using var forward = bench.Own(Api.PoolingForward(Propagation.Training, kind, src, dst, s_window));
        using var backward = bench.Own(Api.PoolingBackward(kind, src, dst, s_window, forward));
        var (x, dy) = (Numbers(s_x, 1), Numbers(s_y, 2));
        var (y, dx) = (bench.New(dst), bench.New(src));
        (int, Fovea.Backends.OneDnn.Interop.Memory)[] workspace = [];
        Assert.Equal(kind == PoolingKind.Max, forward.Workspace is not null);
        if (forward.Workspace is { } desc) workspace = [(DNNL_ARG_WORKSPACE, bench.New(desc))];
        bench.Run(forward, [(DNNL_ARG_SRC, bench.Put(src, x)), (DNNL_ARG_DST, y), .. workspace]);
        bench.Run(backward, [(DNNL_ARG_DIFF_DST, bench.Put(dst, dy)), (DNNL_ARG_DIFF_SRC, dx), .. workspace]);

        var (wantY, wantDx) = Plain(kind, x, dy);
        Close.To(wantY, bench.Get(y));
        Close.To(wantDx, bench.Get(dx));
    }

    private static (double[] Y, double[] Dx) Plain(PoolingKind kind, float[] x, float[] dy)
    {
        var (y, dx) = (new double[s_y.Elements], new double[s_x.Elements]);
        for (var o = 0; o < y.Length; o++)
        {
            var (plane, ho, wo) = (o / 16, o / 4 % 4, o % 4);
            var at = (from h in Enumerable.Range((ho * 2) - 1, 3)
                      from w in Enumerable.Range((wo * 2) - 1, 3)
                      where h is >= 0 and < 7 && w is >= 0 and < 7
                      select (plane * 49) + (h * 7) + w).ToArray();
            if (kind == PoolingKind.Max)
            {
                var best = at.MaxBy(i => x[i]);
                y[o] = x[best];
                dx[best] += dy[o];
                continue;
            }

            var count = kind == PoolingKind.AverageIncludePadding ? 9 : at.Length;
            y[o] = at.Sum(i => (double)x[i]) / count;
            foreach (var i in at) dx[i] += (double)dy[o] / count;
        }

        return (y, dx);
    }
}
