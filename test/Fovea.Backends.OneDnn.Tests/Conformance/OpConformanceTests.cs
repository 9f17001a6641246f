using Fovea.Backends.OneDnn.Fusion;
using Fovea.Backends.OneDnn.Kernels;
using Fovea.Conformance;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Tests.Conformance;

/// <summary>The catalogue of operations on this backend, with canaries around every buffer.</summary>
public sealed class OpConformanceTests
{
    private static readonly OneDnnBackend s_backend = new(new OneDnnOptions { Guard = true });

    private static readonly OneDnnBackend s_without = new(new OneDnnOptions { Guard = true, WithoutBFloat16 = true });

    public static TheoryData<string> Cases => [.. OpCatalogue.All.Select(@case => @case.Name)];

    public static TheoryData<string> LowCases => [.. OpCatalogue.All.Where(@case => @case.HasBFloat16).Select(@case => @case.Name)];

    /// <summary>What primitives of the library compute.</summary>
    public static TheoryData<string> ProductCases => [.. OpCatalogue.All
        .Where(@case => @case is
        {
            HasBFloat16: true, Op: Conv2d or Conv2dInputGradient or Conv2dWeightGradient or MatMul or MaxPool or MaxPoolGradient or AvgPool or AvgPoolGradient,
        })
        .Select(@case => @case.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Result_in_f32_is_the_oracles(string name) => ResultCheck.Run(s_backend, OpCatalogue.Find(name));

    [Theory]
    [MemberData(nameof(LowCases))]
    public void Result_in_bf16_is_the_oracles(string name) => ResultCheck.Run(s_backend, OpCatalogue.Find(name), DType.BFloat16);

    public static TheoryData<string> Gradients => [.. OpCatalogue.All.Where(GradientCheck.Covers).Select(@case => @case.Name)];

    public static TheoryData<string> LowGradients =>
        [.. OpCatalogue.All.Where(@case => @case.HasBFloat16 && GradientCheck.Covers(@case)).Select(@case => @case.Name)];

    [Theory]
    [MemberData(nameof(Gradients))]
    public void Gradient_in_f32_is_the_oracles(string name) => GradientCheck.OnBackend(s_backend, OpCatalogue.Find(name));

    [Theory]
    [MemberData(nameof(LowGradients))]
    public void Gradient_in_bf16_is_the_oracles(string name) => GradientCheck.OnBackend(s_backend, OpCatalogue.Find(name), DType.BFloat16);

    [Theory]
    [MemberData(nameof(ProductCases))]
    public void Result_in_bf16_is_the_oracles_where_the_library_computes_in_fp32(string name) =>
        ResultCheck.Run(s_without, OpCatalogue.Find(name), DType.BFloat16);

    public static TheoryData<string> ProductGradients => [.. ProductCases.Select(row => row.Data).Where(name => GradientCheck.Covers(OpCatalogue.Find(name)))];

    [Theory]
    [MemberData(nameof(ProductGradients))]
    public void Gradient_in_bf16_is_the_oracles_where_the_library_computes_in_fp32(string name) =>
        GradientCheck.OnBackend(s_without, OpCatalogue.Find(name), DType.BFloat16);

    [Fact]
    public void Every_op_has_a_kernel() => Assert.Empty(
        Completeness.OpTypes.Where(type => type != typeof(Variable) && !KernelTable.Covers(type)).Select(type => type.Name));

    [Fact]
    public void Every_fused_op_has_a_kernel() => Assert.Empty(
        typeof(FusedConv2d).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(Op)) && !KernelTable.Covers(type)).Select(type => type.Name));
}
