using Fovea.Conformance;
using Fovea.Conformance.Blocks;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Tests.Conformance;

/// <summary>Operations and blocks of them at the sizes that models have, on this backend, with canaries around every buffer.</summary>
public sealed class RealSizeTests
{
    private static readonly OneDnnBackend s_backend = new(new OneDnnOptions { Guard = true });

    public static TheoryData<string, DType> RealCases => new(
        from @case in OpCatalogue.RealSize
        from precision in (DType[])[DType.Float32, DType.BFloat16]
        where precision == DType.Float32 || @case.HasBFloat16
        select (@case.Name, precision));

    public static TheoryData<string, DType> RealGradients => new(
        from @case in OpCatalogue.RealSize
        where GradientCheck.Covers(@case)
        from precision in (DType[])[DType.Float32, DType.BFloat16]
        where precision == DType.Float32 || @case.HasBFloat16
        select (@case.Name, precision));

    [Theory]
    [MemberData(nameof(RealCases))]
    public void Result_at_a_real_size_is_the_oracles(string name, DType precision) => ResultCheck.Run(s_backend, OpCatalogue.Find(name), precision);

    [Theory]
    [MemberData(nameof(RealGradients))]
    public void Gradient_at_a_real_size_is_the_oracles(string name, DType precision) => GradientCheck.OnBackend(s_backend, OpCatalogue.Find(name), precision);

    public static TheoryData<string, DType> BlockForms => new(
        from block in BlockCases.All
        from precision in (DType[])[DType.Float32, DType.BFloat16]
        select (block.Name, precision));

    [Theory]
    [MemberData(nameof(BlockForms))]
    public void Result_and_gradients_of_a_block_at_a_real_size_are_the_oracles(string name, DType precision) =>
        BlockCheck.Run(s_backend, BlockCases.Find(name), precision);
}
