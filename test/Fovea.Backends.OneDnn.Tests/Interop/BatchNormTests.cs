using Fovea.Backends.OneDnn.Interop;
using Fovea.Tensors;
using static Fovea.Backends.OneDnn.Interop.DnnlArg;
using static Fovea.Backends.OneDnn.Tests.Interop.Workbench;

namespace Fovea.Backends.OneDnn.Tests.Interop;

public sealed class BatchNormTests
{
    private const float Epsilon = 1e-5f;
    private const NormFlags Affine = NormFlags.Scale | NormFlags.Shift;
    private static readonly Shape s_shape = new(3, 20, 5, 4);

    public static TheoryData<string, bool> Cases { get; } = new()
    {
        { "nchw", false }, { "nchw", true }, { "nhwc", false }, { "nhwc", true }, { "blocked", false }, { "blocked", true },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Training_agrees_with_plain_loops_forward_and_backward(string layout, bool relu)
    {
        var flags = relu ? Affine | NormFlags.FuseRelu : Affine;
        var desc = Layout(layout);
        var (x, gamma, beta, dy) = (Numbers(s_shape, 1), Numbers(new(20), 2), Numbers(new(20), 3), Numbers(s_shape, 4));
        var want = new PlainBatchNorm(x, gamma, beta, dy, relu);

        using var bench = new Workbench();
        using var forward = bench.Own(Api.BatchNormForward(Propagation.Training, desc, desc, Epsilon, flags));
        var (src, scale, shift) = (bench.Put(desc, x), bench.Put(F32(20), gamma), bench.Put(F32(20), beta));
        var (dst, mean, variance) = (bench.New(desc), bench.New(F32(20)), bench.New(F32(20)));
        (int, Fovea.Backends.OneDnn.Interop.Memory)[] workspace = [];
        Assert.Equal(relu, forward.Workspace is not null);
        if (forward.Workspace is { } bits) workspace = [(DNNL_ARG_WORKSPACE, bench.New(bits))];
        bench.Run(
            forward, [(DNNL_ARG_SRC, src), (DNNL_ARG_DST, dst), (DNNL_ARG_MEAN, mean), (DNNL_ARG_VARIANCE, variance), (DNNL_ARG_SCALE, scale),
            (DNNL_ARG_SHIFT, shift), .. workspace]);
        Close.To(want.Y, bench.Get(dst));
        Close.To(want.Mean, bench.Get(mean));
        Close.To(want.Variance, bench.Get(variance));

        using var backward = bench.Own(Api.BatchNormBackward(desc, desc, desc, Epsilon, flags, forward));
        var (dx, dgamma, dbeta) = (bench.New(desc), bench.New(F32(20)), bench.New(F32(20)));
        (int, Fovea.Backends.OneDnn.Interop.Memory)[] shiftIfWanted = Api.NeedsShiftInBackward ? [(DNNL_ARG_SHIFT, shift)] : [];
        bench.Run(
            backward, [(DNNL_ARG_SRC, src), (DNNL_ARG_MEAN, mean), (DNNL_ARG_VARIANCE, variance), (DNNL_ARG_DIFF_DST, bench.Put(desc, dy)),
            (DNNL_ARG_SCALE, scale), .. shiftIfWanted, (DNNL_ARG_DIFF_SRC, dx), (DNNL_ARG_DIFF_SCALE, dgamma), (DNNL_ARG_DIFF_SHIFT, dbeta), .. workspace]);
        Close.To(want.Dx, bench.Get(dx));
        Close.To(want.DGamma, bench.Get(dgamma));
        Close.To(want.DBeta, bench.Get(dbeta));
    }

    [Fact]
    public void Inference_uses_the_given_statistics()
    {
        using var bench = new Workbench();
        var desc = F32(2, 4, 3, 3);
        using var forward = bench.Own(Api.BatchNormForward(Propagation.Inference, desc, desc, Epsilon, Affine | NormFlags.UseGlobalStats));
        var (x, mean, gamma, beta) = (Numbers(desc.Dims, 1), Numbers(new(4), 2), Numbers(new(4), 3), Numbers(new(4), 4));
        float[] variance = [0.5f, 1, 2, 4];
        var dst = bench.New(desc);
        bench.Run(
            forward, (DNNL_ARG_SRC, bench.Put(desc, x)), (DNNL_ARG_MEAN, bench.Put(F32(4), mean)), (DNNL_ARG_VARIANCE, bench.Put(F32(4), variance)),
            (DNNL_ARG_SCALE, bench.Put(F32(4), gamma)), (DNNL_ARG_SHIFT, bench.Put(F32(4), beta)), (DNNL_ARG_DST, dst));
        var expected = new double[x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            var c = i / 9 % 4;
            expected[i] = ((x[i] - mean[c]) / Math.Sqrt(variance[c] + Epsilon) * gamma[c]) + beta[c];
        }

        Close.To(expected, bench.Get(dst));
    }

    [Fact]
    public void Statistics_and_scale_can_be_asked_for_by_their_argument()
    {
        var desc = F32(2, 4, 3, 3);
        using var forward = Api.BatchNormForward(Propagation.Training, desc, desc, Epsilon, Affine);
        Assert.NotNull(forward);
        Assert.True(forward.Query(DNNL_ARG_MEAN) == F32(4));
        Assert.True(forward.Query(DNNL_ARG_VARIANCE) == F32(4));
        Assert.True(forward.Query(DNNL_ARG_DST) == desc);
    }

    private static MemoryDesc Layout(string name)
    {
        if (name == "nchw") return Api.Plain(DType.Float32, s_shape);
        return name == "nhwc" ? Api.ChannelsLast(DType.Float32, s_shape) : Api.ChannelBlocks(DType.Float32, s_shape, block: 16);
    }

    /// <summary>The formulas of Ioffe and Szegedy 2015 (arXiv:1502.03167, section 3) over [N, C, H, W], in double.</summary>
    private sealed class PlainBatchNorm
    {
        internal PlainBatchNorm(float[] x, float[] gamma, float[] beta, float[] dy, bool relu)
        {
            var (channels, plane) = (s_shape.C, s_shape.H * s_shape.W);
            dy = [.. dy];   // masked below where the ReLU blocks
            (Y, Dx) = (new double[x.Length], new double[x.Length]);
            (Mean, Variance, DGamma, DBeta) = (new double[channels], new double[channels], new double[channels], new double[channels]);
            for (var c = 0; c < channels; c++)
            {
                var at = Enumerable.Range(0, x.Length).Where(i => i / plane % channels == c).ToArray();
                Mean[c] = at.Average(i => (double)x[i]);
                Variance[c] = at.Average(i => (x[i] - Mean[c]) * (x[i] - Mean[c]));
                var inverse = 1 / Math.Sqrt(Variance[c] + Epsilon);
                var hat = at.ToDictionary(i => i, i => (x[i] - Mean[c]) * inverse);
                foreach (var i in at)
                {
                    var y = (gamma[c] * hat[i]) + beta[c];
                    Y[i] = relu ? Math.Max(0, y) : y;
                    if (relu && y <= 0) dy[i] = 0;
                }

                DGamma[c] = at.Sum(i => dy[i] * hat[i]);
                DBeta[c] = at.Sum(i => (double)dy[i]);
                foreach (var i in at) Dx[i] = gamma[c] * inverse * (dy[i] - ((DBeta[c] + (hat[i] * DGamma[c])) / at.Length));
            }
        }

        internal double[] Y { get; }

        internal double[] Dx { get; }

        internal double[] Mean { get; }

        internal double[] Variance { get; }

        internal double[] DGamma { get; }

        internal double[] DBeta { get; }
    }
}
