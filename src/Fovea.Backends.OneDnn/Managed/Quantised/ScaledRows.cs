namespace Fovea.Backends.OneDnn.Managed.Quantised;

/// <summary>Which scale belongs to which elements of a row-major tensor: runs of <paramref name="run"/> elements take the <paramref name="count"/> scales in turn.</summary>
/// <param name="elements">All elements.</param>
/// <param name="run">Elements side by side that share a scale.</param>
/// <param name="count">The scales.</param>
internal readonly struct ScaledRows(long elements, long run, long count)
{
    internal long Elements => elements;

    /// <summary>The scale of an element, and where the run ends that it lies in.</summary>
    internal (int Scale, long End) Of(long element) => ((int)(element / run % count), Math.Min((element / run * run) + run, elements));
}
