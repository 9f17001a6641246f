using System.Numerics;

namespace Fovea.Data.Decoding;

/// <summary>Pinned memory that is used for one image after the other: it grows as needed, and shrinks again after a large image.</summary>
internal static class ReusedMemory
{
    /// <summary>Memory up to this size, in bytes, is kept whatever comes.</summary>
    internal const int KeptBytes = 64 << 20;

    private const int RoundedBelow = 1 << 20;

    /// <summary>Memory for at least <paramref name="bytes"/>; its content is undefined.</summary>
    public static byte[] Fit(byte[] memory, long bytes)
    {
        if (memory.Length >= bytes && (memory.Length <= KeptBytes || bytes >= memory.Length / 4)) return memory;
        var length = bytes < RoundedBelow ? (int)BitOperations.RoundUpToPowerOf2((uint)bytes) : checked((int)bytes);
        return GC.AllocateUninitializedArray<byte>(length, pinned: true);
    }

    /// <summary>The memory, or none if it is large: for what the next image may not need.</summary>
    public static byte[] Kept(byte[] memory) => memory.Length > KeptBytes ? [] : memory;
}
