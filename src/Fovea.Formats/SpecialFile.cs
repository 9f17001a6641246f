using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Fovea.Formats;

/// <summary>Tells pipes, sockets and devices from files without opening them: to open a pipe may wait for ever.</summary>
internal static partial class SpecialFile
{
    private const int CurrentFolder = -100;
    private const uint WantType = 1;
    private const int StatxBytes = 256;
    private const int ModeOffset = 28;
    private const int TypeMask = 0xF000;
    private const int Regular = 0x8000;
    private const int Folder = 0x4000;

    /// <summary>Whether the path, links followed, leads to something that is neither file nor folder; false where the system cannot say.</summary>
    internal static bool Is(string path)
    {
        if (!OperatingSystem.IsLinux()) return false;
        Span<byte> facts = stackalloc byte[StatxBytes];
        if (statx(CurrentFolder, path, flags: 0, WantType, ref facts[0]) != 0) return false;
        return (BinaryPrimitives.ReadUInt16LittleEndian(facts[ModeOffset..]) & TypeMask) is not (Regular or Folder);
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int folder, string path, int flags, uint mask, ref byte facts);
}
