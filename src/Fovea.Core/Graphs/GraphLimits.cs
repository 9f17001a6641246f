using Fovea.Tensors;

namespace Fovea.Graphs;

/// <summary>
/// What a graph that comes from a file may take: every reader holds to it, and before it takes the memory. This is the one place with such numbers.
/// </summary>
/// <remarks>
/// The defaults are far above every model that is known, and small enough that a file of a few kilobytes costs no more than seconds and some
/// hundred megabytes. Bounds that hold for all graphs, from a file or not, are <see cref="Shape.MaxElements"/> and the constants here.
/// </remarks>
public sealed record GraphLimits
{
    /// <summary>The most work of one operation, in multiply-accumulates or elementary operations: more would not end in a year.</summary>
    public const long Work = 1L << 50;

    /// <summary>The most rows or columns of a kernel, a stride, a dilation, the padding of one side, or the step of a slice.</summary>
    public const int Window = 1 << 20;

    /// <summary>The most taps of one kernel of a pooling.</summary>
    public const int Taps = 1 << 24;

    /// <summary>The most rows or columns of an image before and after it is resized: every pair of them is weighed.</summary>
    public const int Resized = 4096;

    /// <summary>The defaults.</summary>
    public static GraphLimits Default { get; } = new();

    /// <summary>The most nodes, variables among them. Default 65 536, some times what the deepest networks have.</summary>
    public int Nodes { get; init; } = 1 << 16;

    /// <summary>The most operands of all nodes together. Default 1 048 576.</summary>
    public int Operands { get; init; } = 1 << 20;

    /// <summary>The most outputs, updates or auxiliaries. Default 65 536.</summary>
    public int Ends { get; init; } = 1 << 16;

    /// <summary>The most characters of a name. Default 1 024.</summary>
    public int NameLength { get; init; } = 1 << 10;

    /// <summary>The most elements of one value, for one image at a time. Default 2²⁹: 2 GiB in float32.</summary>
    public long Elements { get; init; } = 1L << 29;

    /// <summary>
    /// The most elements of all tensors together that a file does not hold but describes: fills, and integers that are computed from others. Default
    /// 2²⁴: 64 MiB in float32.
    /// </summary>
    public long Described { get; init; } = 1L << 24;

    /// <summary>
    /// The most work of all nodes together, in elementary operations on one image. Default 2⁴⁶, over ten times that of the largest published classifiers.
    /// </summary>
    public long Flops { get; init; } = 1L << 46;
}
