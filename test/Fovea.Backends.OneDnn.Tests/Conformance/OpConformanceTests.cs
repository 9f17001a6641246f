using Fovea.Backends.OneDnn.Fusion;
using Fovea.Backends.OneDnn.Kernels;
using Fovea.Conformance;
using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Tests.Conformance;

/// <summary>The catalogue of operations on this backend, with canaries around every buffer.</summary>
public sealed class OpConformanceTests
{
    private static readonly OneDnnBackend s_backend = new(new OneDnnOptions { Guard = true });

    public static TheoryData<string> Cases => [.. OpCatalogue.All.Select(@case => @case.Name)];

    public static TheoryData<string> LowCases => [.. OpCatalogue.All.Where(@case => @case.HasBFloat16).Select(@case => @case.Name)];

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

    [Fact]
    public void Every_op_has_a_kernel() => Assert.Empty(
        Completeness.OpTypes.Where(type => type != typeof(Variable) && !KernelTable.Covers(type)).Select(type => type.Name));

    [Fact]
    public void Every_fused_op_has_a_kernel() => Assert.Empty(
        typeof(FusedConv2d).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(Op)) && !KernelTable.Covers(type)).Select(type => type.Name));
}
