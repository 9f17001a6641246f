using Fovea.Tensors;

namespace Fovea.Training.RepOpt;

/// <summary>
/// How the parts of a block of linear branches are called, behind the name of the block, by the authors' code (github.com/DingXiaoH/RepOptimizers).
/// </summary>
/// <param name="Kernel">The kernel of the convolution, which the target has alone.</param>
/// <param name="Scale">The scales of that convolution's output channels.</param>
/// <param name="PointKernel">The kernel of the 1×1 convolution beside it; null where blocks have none.</param>
/// <param name="PointScale">The scales of its output channels; null where blocks have none.</param>
/// <param name="IdentityScale">The scales of the identity's channels, in blocks that keep the shape of their input.</param>
internal sealed record BranchNames(string Kernel, string Scale, string? PointKernel, string? PointScale, string IdentityScale)
{
    /// <summary>Those of RepOpt-VGG and of RepOpt-GhostNet.</summary>
    internal static IReadOnlyList<BranchNames> All { get; } =
    [
        new("conv.weight", "scale_conv.weight", "conv_1x1.weight", "scale_1x1.weight", "scale_identity.weight"),
        new("cheap_operation.0.weight", "cheap_operation.1.weight", PointKernel: null, PointScale: null, "fusion_scale.weight"),
    ];

    /// <summary>The parts that nothing but scales is called by: the scale of RepOpt-GhostNet's convolution could be a norm's.</summary>
    internal IReadOnlyList<string> Marks => PointScale is null ? [IdentityScale] : [Scale, PointScale, IdentityScale];

    /// <summary>The block, with its names, that a scale tells of; null where the label is no such scale.</summary>
    internal static (string Block, BranchNames Names)? OfMark(string label)
    {
        foreach (var names in All)
            foreach (var mark in names.Marks)
                if (BlockOf(label, mark) is { } block) return (block, names);
        return null;
    }

    /// <summary>The names by which a parameter is the kernel of a block; null where it is none: a kernel has a middle, and more around it.</summary>
    internal static BranchNames? OfKernel(string label, Shape shape) => shape is { Rank: 4, H: > 1 } && shape.H == shape.W && shape.H % 2 == 1
        ? All.FirstOrDefault(names => BlockOf(label, names.Kernel) is not null)
        : null;

    /// <summary>The name of the block, with the dot behind it, whose part is called so; null where the label is no such part.</summary>
    internal static string? BlockOf(string label, string part)
    {
        if (!label.EndsWith(part, StringComparison.Ordinal)) return null;
        var block = label[..^part.Length];
        return block.Length == 0 || block[^1] == '.' ? block : null;
    }
}
