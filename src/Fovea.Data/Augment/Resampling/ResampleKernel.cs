using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Fovea.Data.Augment.Resampling;

/// <summary>The two passes of resampling, for one instruction set. All give the same bytes: the arithmetic is in integers.</summary>
/// <remarks>
/// Sources are read up to <see cref="Decoding.RgbImage.Slack"/> bytes behind the last pixel, targets of the vertical pass are written that
/// far behind their last row.
/// </remarks>
internal abstract unsafe class ResampleKernel
{
    protected const int Half = 1 << (Taps.FractionBits - 1);

    /// <summary>The best one for this machine, or the one that the environment variable FOVEA_FORCE_KERNEL names.</summary>
    public static ResampleKernel Best { get; } = Choose(Environment.GetEnvironmentVariable("FOVEA_FORCE_KERNEL"));

    /// <summary>All that this machine can run, the best first.</summary>
    public static IEnumerable<ResampleKernel> Available
    {
        get
        {
            if (Avx2.IsSupported) yield return new Avx2Kernel();
            if (Vector128.IsHardwareAccelerated) yield return new Vector128Kernel();
            yield return new ScalarKernel();
        }
    }

    public abstract string Name { get; }

    /// <summary>Makes rows of <c>taps.Count</c> pixels.</summary>
    public abstract void Horizontal(byte* source, nint sourceStride, byte* target, nint targetStride, int rows, Taps taps);

    /// <summary>Makes <c>taps.Count</c> rows of <paramref name="rowBytes"/> samples.</summary>
    public abstract void Vertical(byte* source, nint sourceStride, byte* target, nint targetStride, int rowBytes, Taps taps);

    internal static ResampleKernel Choose(string? name) =>
        Available.FirstOrDefault(kernel => string.IsNullOrEmpty(name) || kernel.Name == name) ?? Available.First();
}
