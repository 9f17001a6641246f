using Fovea.Backends.OneDnn.Interop;
using Fovea.Tensors;
using static Fovea.Backends.OneDnn.Interop.DnnlArg;
using static Fovea.Backends.OneDnn.Tests.Interop.Workbench;

namespace Fovea.Backends.OneDnn.Tests.Interop;

/// <summary>Matrix product and fully connected layer.</summary>
public sealed class ProductTests
{
    private const int M = 5;
    private const int K = 33;
    private const int N = 7;

    [Fact]
    public void MatMul_agrees_with_plain_loops_with_bias_and_transposed_weights()
    {
        using var bench = new Workbench();
        var transposed = Api.Strided(DType.Float32, new(K, N), 1, K);
        using var desc = bench.Own(Api.MatMul(F32(M, K), transposed, F32(1, N), F32(M, N)));
        var (a, b, bias) = (Numbers(new(M, K), 1), Numbers(new(K, N), 2), Numbers(new(N), 3));
        var y = bench.New(F32(M, N));
        bench.Run(
            desc, (DNNL_ARG_SRC, bench.Put(F32(M, K), a)), (DNNL_ARG_WEIGHTS, bench.Put(transposed, b)), (DNNL_ARG_BIAS, bench.Put(F32(1, N), bias)),
            (DNNL_ARG_DST, y));
        var expected = Product(M, N, K, (i, k) => a[(i * K) + k], (k, j) => b[(k * N) + j]);
        for (var i = 0; i < expected.Length; i++) expected[i] += bias[i % N];
        Close.To(expected, bench.Get(y));
    }

    [Fact]
    public void MatMul_runs_once_for_each_matrix_of_a_batch()
    {
        using var bench = new Workbench();
        using var desc = bench.Own(Api.MatMul(F32(2, M, K), F32(2, K, N), null, F32(2, M, N)));
        var (a, b) = (Numbers(new(2, M, K), 1), Numbers(new(2, K, N), 2));
        var y = bench.New(F32(2, M, N));
        bench.Run(desc, (DNNL_ARG_SRC, bench.Put(F32(2, M, K), a)), (DNNL_ARG_WEIGHTS, bench.Put(F32(2, K, N), b)), (DNNL_ARG_DST, y));
        var batches = Enumerable.Range(0, 2).SelectMany(n =>
            Product(M, N, K, (i, k) => a[(n * M * K) + (i * K) + k], (k, j) => b[(n * K * N) + (k * N) + j]));
        Close.To([.. batches], bench.Get(y));
    }

    [Fact]
    public void InnerProduct_agrees_with_plain_loops_forward_and_backward()
    {
        using var bench = new Workbench();
        var (x, w, b, dy) = (Numbers(new(M, K), 1), Numbers(new(N, K), 2), Numbers(new(N), 3), Numbers(new(M, N), 4));
        using var forward = bench.Own(Api.InnerProductForward(Propagation.Training, AnyF32(M, K), AnyF32(N, K), F32(N), AnyF32(M, N)));
        var y = bench.New(Chosen(forward, DNNL_ARG_DST));
        bench.Run(
            forward, (DNNL_ARG_SRC, bench.Put(Chosen(forward, DNNL_ARG_SRC), x)), (DNNL_ARG_WEIGHTS, bench.Put(Chosen(forward, DNNL_ARG_WEIGHTS), w)),
            (DNNL_ARG_BIAS, bench.Put(F32(N), b)), (DNNL_ARG_DST, y));
        var expected = Product(M, N, K, (i, k) => x[(i * K) + k], (k, j) => w[(j * K) + k]);
        for (var i = 0; i < expected.Length; i++) expected[i] += b[i % N];
        Close.To(expected, bench.Get(y));

        using var data = bench.Own(Api.InnerProductBackwardData(AnyF32(M, K), AnyF32(N, K), AnyF32(M, N), forward));
        var dx = bench.New(Chosen(data, DNNL_ARG_DIFF_SRC));
        bench.Run(
            data, (DNNL_ARG_WEIGHTS, bench.Put(Chosen(data, DNNL_ARG_WEIGHTS), w)), (DNNL_ARG_DIFF_DST, bench.Put(Chosen(data, DNNL_ARG_DIFF_DST), dy)),
            (DNNL_ARG_DIFF_SRC, dx));
        Close.To(Product(M, K, N, (i, j) => dy[(i * N) + j], (j, k) => w[(j * K) + k]), bench.Get(dx));

        using var weights = bench.Own(Api.InnerProductBackwardWeights(AnyF32(M, K), AnyF32(N, K), F32(N), AnyF32(M, N), forward));
        var (dw, db) = (bench.New(Chosen(weights, DNNL_ARG_DIFF_WEIGHTS)), bench.New(F32(N)));
        bench.Run(
            weights, (DNNL_ARG_SRC, bench.Put(Chosen(weights, DNNL_ARG_SRC), x)),
            (DNNL_ARG_DIFF_DST, bench.Put(Chosen(weights, DNNL_ARG_DIFF_DST), dy)), (DNNL_ARG_DIFF_WEIGHTS, dw), (DNNL_ARG_DIFF_BIAS, db));
        Close.To(Product(N, K, M, (j, i) => dy[(i * N) + j], (i, k) => x[(i * K) + k]), bench.Get(dw));
        Close.To([.. Enumerable.Range(0, N).Select(j => Enumerable.Range(0, M).Sum(i => (double)dy[(i * N) + j]))], bench.Get(db));
    }

    private static double[] Product(int rows, int columns, int inner, Func<int, int, float> left, Func<int, int, float> right)
    {
        var product = new double[rows * columns];
        for (var i = 0; i < rows; i++)
            for (var j = 0; j < columns; j++)
                for (var k = 0; k < inner; k++)
                    product[(i * columns) + j] += (double)left(i, k) * right(k, j);
        return product;
    }
}
