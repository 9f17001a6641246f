using System.Numerics;
using Fovea.Backends.OneDnn.Interop;

namespace Fovea.Backends.OneDnn.Managed.Common;

/// <summary>How a long vector is divided among the threads of the team.</summary>
internal static class Chunks
{
    private const long SmallestShare = 16 * 1024;

    /// <summary>How many parts are worth their threads.</summary>
    internal static int Parts(long elements) => (int)Math.Clamp(elements / SmallestShare, 1, GompTeam.MaxThreads);

    /// <summary>The elements of one part: a multiple of the vector width, but for the last.</summary>
    internal static (long Start, long End) Of(int part, int parts, long elements)
    {
        var share = ((elements / parts) + Vector<float>.Count - 1) / Vector<float>.Count * Vector<float>.Count;
        return (Math.Min(part * share, elements), part == parts - 1 ? elements : Math.Min((part + 1) * share, elements));
    }
}
