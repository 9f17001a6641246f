using Fovea.Backends.OneDnn.Interop;
using Fovea.Execution;
using Fovea.Tensors;
using static Fovea.Backends.OneDnn.Interop.DnnlArg;
using static Fovea.Backends.OneDnn.Tests.Interop.Workbench;

namespace Fovea.Backends.OneDnn.Tests.Interop;

public sealed class ConvolutionTests
{
    public static TheoryData<string> Problems { get; } = new(ConvolutionProblem.All.Keys);

    [Theory]
    [MemberData(nameof(Problems))]
    public void Forward_agrees_with_plain_loops(string name)
    {
        var p = ConvolutionProblem.All[name];
        using var bench = new Workbench();
        using var desc = p.Forward(Propagation.Inference, DType.Float32, bias: F32(p.K));
        var (x, w, b) = (Numbers(p.X, 1), Numbers(p.W, 2), Numbers(new(p.K), 3));
        var y = bench.New(Chosen(desc, DNNL_ARG_DST));
        bench.Run(
            desc, (DNNL_ARG_SRC, bench.Put(Chosen(desc, DNNL_ARG_SRC), x)), (DNNL_ARG_WEIGHTS, bench.Put(Chosen(desc, DNNL_ARG_WEIGHTS), w)),
            (DNNL_ARG_BIAS, bench.Put(F32(p.K), b)), (DNNL_ARG_DST, y));

        var expected = new double[p.Y.Elements];
        for (var i = 0; i < expected.Length; i++) expected[i] = b[i / (p.Y.H * p.Y.W) % p.K];
        p.ForEachTap((xi, wi, yi) => expected[yi] += (double)x[xi] * w[wi]);
        Close.To(expected, bench.Get(y));
    }

    [Theory]
    [MemberData(nameof(Problems))]
    public void Gradient_of_data_agrees_with_plain_loops(string name)
    {
        var p = ConvolutionProblem.All[name];
        using var bench = new Workbench();
        using var hint = p.Forward(Propagation.Training, DType.Float32, bias: null);
        using var desc = bench.Own(Api.ConvolutionBackwardData(
            ConvolutionAlgorithm.Direct, Api.Any(DType.Float32, p.X), Api.Any(DType.Float32, p.GroupedW), Api.Any(DType.Float32, p.Y), p.Window, hint));
        var (w, dy) = (Numbers(p.W, 2), Numbers(p.Y, 4));
        var dx = bench.New(Chosen(desc, DNNL_ARG_DIFF_SRC));
        bench.Run(
            desc, (DNNL_ARG_WEIGHTS, bench.Put(Chosen(desc, DNNL_ARG_WEIGHTS), w)),
            (DNNL_ARG_DIFF_DST, bench.Put(Chosen(desc, DNNL_ARG_DIFF_DST), dy)), (DNNL_ARG_DIFF_SRC, dx));

        var expected = new double[p.X.Elements];
        p.ForEachTap((xi, wi, yi) => expected[xi] += (double)dy[yi] * w[wi]);
        Close.To(expected, bench.Get(dx));
    }

    [Theory]
    [MemberData(nameof(Problems))]
    public void Gradient_of_weights_and_bias_agrees_with_plain_loops(string name)
    {
        var p = ConvolutionProblem.All[name];
        using var bench = new Workbench();
        using var hint = p.Forward(Propagation.Training, DType.Float32, bias: F32(p.K));
        using var desc = bench.Own(Api.ConvolutionBackwardWeights(
            ConvolutionAlgorithm.Direct, Api.Any(DType.Float32, p.X), Api.Any(DType.Float32, p.GroupedW), F32(p.K), Api.Any(DType.Float32, p.Y), p.Window,
            hint));
        var (x, dy) = (Numbers(p.X, 1), Numbers(p.Y, 4));
        var (dw, db) = (bench.New(Chosen(desc, DNNL_ARG_DIFF_WEIGHTS)), bench.New(Chosen(desc, DNNL_ARG_DIFF_BIAS)));
        bench.Run(
            desc, (DNNL_ARG_SRC, bench.Put(Chosen(desc, DNNL_ARG_SRC), x)),
            (DNNL_ARG_DIFF_DST, bench.Put(Chosen(desc, DNNL_ARG_DIFF_DST), dy)), (DNNL_ARG_DIFF_WEIGHTS, dw), (DNNL_ARG_DIFF_BIAS, db));

        var (expectedW, expectedB) = (new double[p.W.Elements], new double[p.K]);
        p.ForEachTap((xi, wi, yi) => expectedW[wi] += (double)x[xi] * dy[yi]);
        for (var i = 0; i < dy.Length; i++) expectedB[i / (p.Y.H * p.Y.W) % p.K] += dy[i];
        Close.To(expectedW, bench.Get(dw));
        Close.To(expectedB, bench.Get(db));
    }

    /// <summary>Version 2 has it with AVX-512; elsewhere the direct algorithm takes its place.</summary>
    [Fact]
    public void Winograd_agrees_with_plain_loops_and_is_missing_where_the_library_has_none()
    {
        var p = ConvolutionProblem.All["3x3, padded, more channels than a vector"];
        PrimitiveDesc? Describe(ConvolutionAlgorithm algorithm) => Api.ConvolutionForward(
            Propagation.Inference, algorithm, Api.Any(DType.Float32, p.X), Api.Any(DType.Float32, p.W), null, Api.Any(DType.Float32, p.Y), p.Window);
        using var desc = Describe(ConvolutionAlgorithm.Winograd) ?? Describe(ConvolutionAlgorithm.Direct)!;
        Assert.Equal(
            Api.Library.Version.Major == 2 && Api.EffectiveIsa.StartsWith("avx512", StringComparison.Ordinal),
            desc.Implementation.Contains("wino", StringComparison.Ordinal));
        using var bench = new Workbench();
        var (x, w, y) = (Numbers(p.X, 1), Numbers(p.W, 2), bench.New(Chosen(desc, DNNL_ARG_DST)));
        bench.Run(
            desc, (DNNL_ARG_SRC, bench.Put(Chosen(desc, DNNL_ARG_SRC), x)), (DNNL_ARG_WEIGHTS, bench.Put(Chosen(desc, DNNL_ARG_WEIGHTS), w)),
            (DNNL_ARG_DST, y));

        var expected = new double[p.Y.Elements];
        p.ForEachTap((xi, wi, yi) => expected[yi] += (double)x[xi] * w[wi]);
        Close.To(expected, bench.Get(y), tolerance: 10 * Close.Float32);   // F(4x4, 3x3) amplifies rounding
    }

    [Fact]
    public void Forward_in_bfloat16_agrees_with_plain_loops_on_rounded_numbers_or_is_said_to_be_missing()
    {
        var p = ConvolutionProblem.All["3x3, padded, more channels than a vector"];
        using var desc = Api.ConvolutionForward(
            Propagation.Inference, ConvolutionAlgorithm.Direct, Api.Any(DType.BFloat16, p.X), Api.Any(DType.BFloat16, p.GroupedW), null,
            Api.Any(DType.BFloat16, p.Y), p.Window);
        Assert.Equal(desc is null, Api.BFloat16 == BFloat16Support.None);
        if (desc is null) return;
        using var bench = new Workbench();
        var x = Array.ConvertAll(Numbers(p.X, 1), BFloat16Bits.Round);
        var w = Array.ConvertAll(Numbers(p.W, 2), BFloat16Bits.Round);
        var y = bench.New(Chosen(desc, DNNL_ARG_DST));
        bench.Run(
            desc, (DNNL_ARG_SRC, bench.Put(Chosen(desc, DNNL_ARG_SRC), x)), (DNNL_ARG_WEIGHTS, bench.Put(Chosen(desc, DNNL_ARG_WEIGHTS), w)),
            (DNNL_ARG_DST, y));

        var expected = new double[p.Y.Elements];
        p.ForEachTap((xi, wi, yi) => expected[yi] += (double)x[xi] * w[wi]);
        Close.To(expected, bench.Get(y), Close.BFloat16);
    }

    [Fact]
    public void Post_ops_add_the_destination_then_apply_relu()
    {
        var p = ConvolutionProblem.All["3x3, padded, more channels than a vector"];
        using var bench = new Workbench();
        var attributes = Attributes.None.WithSum(0.5f).WithEltwise(EltwiseKind.Relu);
        using var desc = p.Forward(Propagation.Inference, DType.Float32, bias: null, attributes);
        var (x, w, before) = (Numbers(p.X, 1), Numbers(p.W, 2), Numbers(p.Y, 5));
        var y = bench.Put(Chosen(desc, DNNL_ARG_DST), before);
        bench.Run(
            desc, (DNNL_ARG_SRC, bench.Put(Chosen(desc, DNNL_ARG_SRC), x)), (DNNL_ARG_WEIGHTS, bench.Put(Chosen(desc, DNNL_ARG_WEIGHTS), w)),
            (DNNL_ARG_DST, y));

        var expected = Array.ConvertAll(before, b => 0.5 * b);
        p.ForEachTap((xi, wi, yi) => expected[yi] += (double)x[xi] * w[wi]);
        for (var i = 0; i < expected.Length; i++) expected[i] = Math.Max(0, expected[i]);
        Close.To(expected, bench.Get(y));
    }

    [Fact]
    public void Operands_that_do_not_fit_are_refused_with_call_and_shapes()
    {
        var error = Assert.Throws<NativeException>(() => Api.ConvolutionForward(
            Propagation.Inference, ConvolutionAlgorithm.Direct, F32(1, 3, 8, 8), F32(4, 2, 3, 3), null, F32(1, 4, 6, 6), ConvolutionWindow.Square()));
        Assert.StartsWith($"oneDNN {Api.Library.Version}: invalid_arguments from DnnlNative", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("with f32:nchw[1, 3, 8, 8], f32:nchw[4, 2, 3, 3], none, f32:nchw[1, 4, 6, 6]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Implementations_can_be_walked_and_each_computes_the_same()
    {
        var p = ConvolutionProblem.All["3x3, padded, more channels than a vector"];
        var (x, w) = (Numbers(p.X, 1), Numbers(p.W, 2));
        var expected = new double[p.Y.Elements];
        p.ForEachTap((xi, wi, yi) => expected[yi] += (double)x[xi] * w[wi]);

        using var bench = new Workbench();
        using var desc = p.Forward(Propagation.Inference, DType.Float32, bias: null);
        List<string> names = [];
        do
        {
            names.Add(desc.Implementation);
            var y = bench.New(Chosen(desc, DNNL_ARG_DST));
            bench.Run(
                desc, (DNNL_ARG_SRC, bench.Put(Chosen(desc, DNNL_ARG_SRC), x)), (DNNL_ARG_WEIGHTS, bench.Put(Chosen(desc, DNNL_ARG_WEIGHTS), w)),
                (DNNL_ARG_DST, y));
            Close.To(expected, bench.Get(y), tolerance: 10 * Close.Float32);
        }
        while (desc.NextImplementation());

        Assert.True(names.Count >= 2, $"only {string.Join(", ", names)}");
        Assert.StartsWith("ref", names[^1], StringComparison.Ordinal);
        Assert.False(desc.NextImplementation());
        Assert.Equal(names[^1], desc.Implementation);
    }
}
