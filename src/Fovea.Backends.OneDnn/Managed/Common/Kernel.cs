namespace Fovea.Backends.OneDnn.Managed.Common;

/// <summary>A kernel of our own: what has no primitive, or is too small for one.</summary>
internal abstract class Kernel
{
    /// <summary>The name in printed plans, as in <c>fovea:map</c>.</summary>
    internal abstract string Name { get; }

    /// <summary>Computes; <paramref name="at"/> has the addresses of the reads, then of the writes. Allocates nothing.</summary>
    internal abstract void Run(ReadOnlySpan<nint> at);

    /// <summary>Frees what the kernel holds outside of the plan's buffers.</summary>
    internal virtual void Release()
    {
    }
}
