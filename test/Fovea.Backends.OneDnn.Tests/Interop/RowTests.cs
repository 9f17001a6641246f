using Fovea.Backends.OneDnn.Interop;
using static Fovea.Backends.OneDnn.Interop.DnnlArg;
using static Fovea.Backends.OneDnn.Tests.Interop.Workbench;

namespace Fovea.Backends.OneDnn.Tests.Interop;

/// <summary>Primitives that work along the last axis: softmax and layer normalisation.</summary>
public sealed class RowTests
{
    private const int Rows = 6;
    private const int Width = 21;
    private const float Epsilon = 1e-5f;
    private static readonly MemoryDesc s_desc = F32(Rows, Width);

    [Theory]
    [InlineData(nameof(SoftmaxKind.Softmax))]
    [InlineData(nameof(SoftmaxKind.LogSoftmax))]
    public void Softmax_and_its_gradient_agree_with_the_formula(string kindName)
    {
        var kind = Enum.Parse<SoftmaxKind>(kindName);
        using var bench = new Workbench();
        using var forward = bench.Own(Api.SoftmaxForward(Propagation.Training, kind, s_desc, s_desc, axis: 1));
        using var backward = bench.Own(Api.SoftmaxBackward(kind, s_desc, s_desc, s_desc, axis: 1, forward));
        var (x, dy) = (Array.ConvertAll(Numbers(s_desc.Dims, 1), v => 5 * v), Numbers(s_desc.Dims, 2));
        var (y, dx) = (bench.New(s_desc), bench.New(s_desc));
        bench.Run(forward, (DNNL_ARG_SRC, bench.Put(s_desc, x)), (DNNL_ARG_DST, y));
        bench.Run(backward, (DNNL_ARG_DST, y), (DNNL_ARG_DIFF_DST, bench.Put(s_desc, dy)), (DNNL_ARG_DIFF_SRC, dx));

        var (wantY, wantDx) = (new double[x.Length], new double[x.Length]);
        foreach (var row in Enumerable.Range(0, Rows).Select(r => Enumerable.Range(r * Width, Width).ToArray()))
        {
            var sum = row.Sum(i => Math.Exp(x[i]));
            var p = row.ToDictionary(i => i, i => Math.Exp(x[i]) / sum);
            var logarithm = kind == SoftmaxKind.LogSoftmax;
            var total = row.Sum(i => logarithm ? dy[i] : dy[i] * p[i]);
            foreach (var i in row) (wantY[i], wantDx[i]) = logarithm ? (Math.Log(p[i]), dy[i] - (p[i] * total)) : (p[i], p[i] * (dy[i] - total));
        }

        Close.To(wantY, bench.Get(y));
        Close.To(wantDx, bench.Get(dx));
    }

    [Fact]
    public void LayerNorm_and_its_gradients_agree_with_the_formula()
    {
        const NormFlags flags = NormFlags.Scale | NormFlags.Shift;
        using var bench = new Workbench();
        using var forward = bench.Own(Api.LayerNormForward(Propagation.Training, s_desc, s_desc, F32(Rows), Epsilon, flags));
        using var backward = bench.Own(Api.LayerNormBackward(s_desc, s_desc, s_desc, F32(Rows), Epsilon, flags, forward));
        var (x, dy, gamma, beta) = (Numbers(s_desc.Dims, 1), Numbers(s_desc.Dims, 2), Numbers(new(Width), 3), Numbers(new(Width), 4));
        var (src, scale, shift) = (bench.Put(s_desc, x), bench.Put(F32(Width), gamma), bench.Put(F32(Width), beta));
        var (y, mean, variance) = (bench.New(s_desc), bench.New(F32(Rows)), bench.New(F32(Rows)));
        bench.Run(
            forward, (DNNL_ARG_SRC, src), (DNNL_ARG_SCALE, scale), (DNNL_ARG_SHIFT, shift), (DNNL_ARG_DST, y), (DNNL_ARG_MEAN, mean),
            (DNNL_ARG_VARIANCE, variance));
        var (dx, dgamma, dbeta) = (bench.New(s_desc), bench.New(F32(Width)), bench.New(F32(Width)));
        bench.Run(
            backward, (DNNL_ARG_SRC, src), (DNNL_ARG_SCALE, scale), (DNNL_ARG_SHIFT, shift), (DNNL_ARG_MEAN, mean), (DNNL_ARG_VARIANCE, variance),
            (DNNL_ARG_DIFF_DST, bench.Put(s_desc, dy)), (DNNL_ARG_DIFF_SRC, dx), (DNNL_ARG_DIFF_SCALE, dgamma), (DNNL_ARG_DIFF_SHIFT, dbeta));

        var (wantY, wantDx, wantDGamma, wantDBeta) = (new double[x.Length], new double[x.Length], new double[Width], new double[Width]);
        foreach (var row in Enumerable.Range(0, Rows).Select(r => Enumerable.Range(r * Width, Width).ToArray()))
        {
            var average = row.Average(i => (double)x[i]);
            var inverse = 1 / Math.Sqrt(row.Average(i => (x[i] - average) * (x[i] - average)) + Epsilon);
            var hat = row.ToDictionary(i => i, i => (x[i] - average) * inverse);
            var (first, second) = (row.Average(i => (double)dy[i] * gamma[i % Width]), row.Average(i => dy[i] * gamma[i % Width] * hat[i]));
            foreach (var i in row)
            {
                var c = i % Width;
                wantY[i] = (gamma[c] * hat[i]) + beta[c];
                wantDx[i] = inverse * ((dy[i] * gamma[c]) - first - (hat[i] * second));
                wantDGamma[c] += dy[i] * hat[i];
                wantDBeta[c] += dy[i];
            }
        }

        Close.To(wantY, bench.Get(y));
        Close.To(wantDx, bench.Get(dx));
        Close.To(wantDGamma, bench.Get(dgamma));
        Close.To(wantDBeta, bench.Get(dbeta));
    }
}
