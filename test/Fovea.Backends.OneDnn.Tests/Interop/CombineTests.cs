using Fovea.Backends.OneDnn.Interop;
using Fovea.Tensors;
using static Fovea.Backends.OneDnn.Interop.DnnlArg;
using static Fovea.Backends.OneDnn.Tests.Interop.Workbench;

namespace Fovea.Backends.OneDnn.Tests.Interop;

/// <summary>Primitives that combine tensors: binary, sum, concatenation; and those that rearrange: shuffle, resampling, reduction.</summary>
public sealed class CombineTests
{
    private static readonly Dictionary<string, Func<double, double, double>> s_binary = new()
    {
        [nameof(BinaryKind.Add)] = (a, b) => a + b,
        [nameof(BinaryKind.Sub)] = (a, b) => a - b,
        [nameof(BinaryKind.Mul)] = (a, b) => a * b,
        [nameof(BinaryKind.Div)] = (a, b) => a / b,
        [nameof(BinaryKind.Max)] = Math.Max,
        [nameof(BinaryKind.Min)] = Math.Min,
        [nameof(BinaryKind.GreaterOrEqual)] = (a, b) => a >= b ? 1 : 0,
        [nameof(BinaryKind.Greater)] = (a, b) => a > b ? 1 : 0,
        [nameof(BinaryKind.LessOrEqual)] = (a, b) => a <= b ? 1 : 0,
        [nameof(BinaryKind.Less)] = (a, b) => a < b ? 1 : 0,
        [nameof(BinaryKind.Equal)] = (a, b) => a == b ? 1 : 0,
        [nameof(BinaryKind.NotEqual)] = (a, b) => a != b ? 1 : 0,
    };

    public static TheoryData<string> BinaryKinds { get; } = new(Enum.GetNames<BinaryKind>());

    [Theory]
    [MemberData(nameof(BinaryKinds))]
    public void Binary_broadcasts_its_second_operand(string kind)
    {
        using var bench = new Workbench();
        var (whole, perChannel) = (F32(2, 4, 3, 3), F32(1, 4, 1, 1));
        using var desc = bench.Own(Api.Binary(Enum.Parse<BinaryKind>(kind), whole, perChannel, whole));
        var (a, b) = (Numbers(whole.Dims, 1), Array.ConvertAll(Numbers(perChannel.Dims, 2), v => v + 1.5f));
        a[5] = b[0];
        var y = bench.New(whole);
        bench.Run(desc, (DNNL_ARG_SRC_0, bench.Put(whole, a)), (DNNL_ARG_SRC_1, bench.Put(perChannel, b)), (DNNL_ARG_DST, y));
        Close.To([.. a.Select((v, i) => s_binary[kind](v, b[i / 9 % 4]))], bench.Get(y));
    }

    [Fact]
    public void Binary_applies_its_post_ops_in_order()
    {
        using var bench = new Workbench();
        var desc = F32(2, 4, 3, 3);
        var attributes = Attributes.None.WithBinary(BinaryKind.Mul, F32(1, 4, 1, 1)).WithEltwise(EltwiseKind.Linear, 2, 1).WithBinary(BinaryKind.Max, desc);
        using var add = bench.Own(Api.Binary(BinaryKind.Add, desc, desc, desc, attributes));
        var (a, b, c, d) = (Numbers(desc.Dims, 1), Numbers(desc.Dims, 2), Numbers(new(4), 3), Numbers(desc.Dims, 4));
        var y = bench.New(desc);
        bench.Run(
            add, (DNNL_ARG_SRC_0, bench.Put(desc, a)), (DNNL_ARG_SRC_1, bench.Put(desc, b)), (DNNL_ARG_DST, y),
            (Api.PostOpArg(0), bench.Put(F32(1, 4, 1, 1), c)), (Api.PostOpArg(2), bench.Put(desc, d)));
        Close.To([.. a.Select((v, i) => Math.Max((2.0 * (v + b[i]) * c[i / 9 % 4]) + 1, d[i]))], bench.Get(y));
    }

    [Fact]
    public void Sum_scales_each_source()
    {
        using var bench = new Workbench();
        var (plain, last) = (F32(2, 4, 3, 3), Api.ChannelsLast(DType.Float32, new(2, 4, 3, 3)));
        using var desc = bench.Own(Api.Sum(plain, [1, 0.5f, -2], [plain, last, plain]));
        var (a, b, c) = (Numbers(plain.Dims, 1), Numbers(plain.Dims, 2), Numbers(plain.Dims, 3));
        var y = bench.New(plain);
        bench.Run(
            desc, (DNNL_ARG_MULTIPLE_SRC, bench.Put(plain, a)), (DNNL_ARG_MULTIPLE_SRC + 1, bench.Put(last, b)),
            (DNNL_ARG_MULTIPLE_SRC + 2, bench.Put(plain, c)), (DNNL_ARG_DST, y));
        Close.To([.. a.Select((v, i) => v + (0.5 * b[i]) - (2.0 * c[i]))], bench.Get(y));
    }

    [Fact]
    public void Sum_without_a_destination_chooses_the_layout()
    {
        var last = Api.ChannelsLast(DType.Float32, new(2, 4, 3, 3));
        using var desc = Api.Sum(dst: null, [1, 1], [last, last]);
        Assert.NotNull(desc);
        Assert.True(Chosen(desc, DNNL_ARG_DST) == last);
    }

    [Fact]
    public void Concat_puts_the_sources_one_after_another()
    {
        using var bench = new Workbench();
        var (first, second) = (F32(2, 1, 2, 2), F32(2, 3, 2, 2));
        using var desc = bench.Own(Api.Concat(axis: 1, [first, second]));
        Assert.Equal(new Shape(2, 4, 2, 2), Chosen(desc, DNNL_ARG_DST).Dims);
        var (a, b) = (Numbers(first.Dims, 1), Numbers(second.Dims, 2));
        var y = bench.New(Chosen(desc, DNNL_ARG_DST));
        bench.Run(desc, (DNNL_ARG_MULTIPLE_SRC, bench.Put(first, a)), (DNNL_ARG_MULTIPLE_SRC + 1, bench.Put(second, b)), (DNNL_ARG_DST, y));
        Assert.Equal([.. a[..4], .. b[..12], .. a[4..], .. b[12..]], bench.Get(y));
    }

    [Theory]
    [InlineData(nameof(ReductionKind.Sum))]
    [InlineData(nameof(ReductionKind.Mean))]
    [InlineData(nameof(ReductionKind.Max))]
    [InlineData(nameof(ReductionKind.Min))]
    [InlineData(nameof(ReductionKind.Product))]
    public void Reduction_folds_the_axes_that_become_1(string kind)
    {
        using var bench = new Workbench();
        var (src, dst) = (F32(2, 3, 4, 4), F32(2, 3, 1, 1));
        using var desc = bench.Own(Api.Reduction(Enum.Parse<ReductionKind>(kind), src, dst));
        var x = Numbers(src.Dims, 1);
        var y = bench.New(dst);
        bench.Run(desc, (DNNL_ARG_SRC, bench.Put(src, x)), (DNNL_ARG_DST, y));
        var expected = x.Chunk(16).Select(plane => kind switch
        {
            nameof(ReductionKind.Sum) => plane.Sum(v => (double)v),
            nameof(ReductionKind.Mean) => plane.Average(v => (double)v),
            nameof(ReductionKind.Max) => plane.Max(),
            nameof(ReductionKind.Min) => plane.Min(),
            _ => plane.Aggregate(1.0, (product, v) => product * v),
        });
        Close.To([.. expected], bench.Get(y));
    }

    [Fact]
    public void Shuffle_transposes_groups_and_its_backward_pass_undoes_it()
    {
        using var bench = new Workbench();
        var desc = F32(2, 6, 2, 2);
        using var forward = bench.Own(Api.ShuffleForward(Propagation.Training, desc, desc, axis: 1, groupSize: 2));
        using var backward = bench.Own(Api.ShuffleBackward(desc, desc, axis: 1, groupSize: 2, forward));
        var x = Numbers(desc.Dims, 1);
        var (y, back) = (bench.New(desc), bench.New(desc));
        bench.Run(forward, (DNNL_ARG_SRC, bench.Put(desc, x)), (DNNL_ARG_DST, y));
        bench.Run(backward, (DNNL_ARG_DIFF_DST, y), (DNNL_ARG_DIFF_SRC, back));
        Assert.Equal(x, bench.Get(back));

        int[] order = [.. Enumerable.Range(0, 6).Select(c => ((c % 3) * 2) + (c / 3))];   // channel c of the result is this one of the source
        Assert.Equal([.. Enumerable.Range(0, x.Length).Select(i => x[(i / 24 * 24) + (order[i / 4 % 6] * 4) + (i % 4)])], bench.Get(y));
    }

    [Fact]
    public void Resampling_by_nearest_neighbour_repeats_pixels()
    {
        using var bench = new Workbench();
        var (src, dst) = (F32(1, 2, 2, 3), F32(1, 2, 4, 6));
        using var desc = bench.Own(Api.ResamplingForward(Propagation.Inference, ResamplingKind.Nearest, src, dst));
        var x = Numbers(src.Dims, 1);
        var y = bench.New(dst);
        bench.Run(desc, (DNNL_ARG_SRC, bench.Put(src, x)), (DNNL_ARG_DST, y));
        Assert.Equal([.. Enumerable.Range(0, 48).Select(i => x[(i / 24 * 6) + (i / 6 % 4 / 2 * 3) + (i % 6 / 2)])], bench.Get(y));
    }

    [Fact]
    public void Resampling_by_lines_takes_pixel_centres()
    {
        using var bench = new Workbench();
        var (src, dst) = (F32(1, 1, 1, 2), F32(1, 1, 1, 4));
        using var desc = bench.Own(Api.ResamplingForward(Propagation.Inference, ResamplingKind.Linear, src, dst));
        var y = bench.New(dst);
        bench.Run(desc, (DNNL_ARG_SRC, bench.Put(src, [0, 1])), (DNNL_ARG_DST, y));
        Close.To([0, 0.25, 0.75, 1], bench.Get(y));
    }
}
