using Fovea.Tensors;
using static Fovea.Backends.OneDnn.Interop.DnnlArg;
using static Fovea.Backends.OneDnn.Tests.Interop.Workbench;

namespace Fovea.Backends.OneDnn.Tests.Interop;

/// <summary>Matrix product.</summary>
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
