using Fovea.Backends.OneDnn.Managed.Common;

namespace Fovea.Backends.OneDnn.Managed;

/// <summary>Several sources, each copied into its own part of one target.</summary>
/// <param name="copies">For each read, its copy.</param>
internal sealed class JoinCopy(BoxCopy[] copies) : Kernel
{
    internal override string Name => "fovea:box_copy";

    internal override void Run(ReadOnlySpan<nint> at)
    {
        Span<nint> pair = [0, at[^1]];
        for (var i = 0; i < copies.Length; i++)
        {
            pair[0] = at[i];
            copies[i].Run(pair);
        }
    }

    internal override void Release()
    {
        foreach (var copy in copies) copy.Release();
    }
}
