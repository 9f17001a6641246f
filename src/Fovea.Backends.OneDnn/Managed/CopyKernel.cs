using System.Runtime.InteropServices;
using Fovea.Backends.OneDnn.Managed.Common;

namespace Fovea.Backends.OneDnn.Managed;

/// <summary>Copies a buffer to another of the same layout.</summary>
internal sealed unsafe class CopyKernel(long bytes) : Kernel
{
    internal override string Name => "fovea:copy";

    internal override void Run(ReadOnlySpan<nint> at) => NativeMemory.Copy((void*)at[0], (void*)at[1], (nuint)bytes);
}
