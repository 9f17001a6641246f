using Fovea.Conformance.Ops;

namespace Fovea.Conformance;

/// <summary>Every case.</summary>
public static class OpCatalogue
{
    private static readonly OpCase[] s_every =
    [
        .. ConvCases.All, .. BatchNormCases.All, .. PointwiseCases.All, .. BinaryCases.All, .. ReduceCases.All, .. MatMulCases.All,
        .. ShapeCases.All, .. CopyCases.All, .. QuantiseCases.All, .. PoolCases.All, .. SoftmaxCases.All, .. DropoutCases.All,
        .. LayerNormCases.All, .. TakeCases.All, .. ResizeCases.All, .. RandomBranchCases.All,
    ];

    /// <summary>The cases that are small enough for the oracle.</summary>
    public static IReadOnlyList<OpCase> All { get; } = [.. s_every.Where(@case => !@case.RealSize)];

    /// <summary>The cases of real size.</summary>
    public static IReadOnlyList<OpCase> RealSize { get; } = [.. s_every.Where(@case => @case.RealSize)];

    /// <summary>The case of that name.</summary>
    public static OpCase Find(string name) => Array.Find(s_every, @case => @case.Name == name) ?? throw new ArgumentException($"no case is called '{name}'");
}
