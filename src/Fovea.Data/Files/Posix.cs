using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Fovea.Data.Files;

/// <summary>What .NET does not tell of files: kinds and numbers without opening them, and names as the folder holds them (Linux, 64 bits).</summary>
internal static unsafe partial class Posix
{
    private const string Library = "libc";

    private const int NoEntry = 2;
    private const int AccessDenied = 13;

    // struct dirent: number, offset, u16 length, u8 type, name.
    private const int EntryType = 18;
    private const int EntryName = 19;

    private const int CurrentFolder = -100;
    private const int NoFollow = 0x100;
    private const int EmptyPath = 0x1000;
    private const uint BasicFacts = 0x7ff;

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="IOException">The folder is missing or cannot be listed.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be listed.</exception>
    public static List<FolderEntry> Entries(string folder)
    {
        var handle = opendir(folder);
        if (handle == 0) throw Failure(Marshal.GetLastPInvokeError());
        try
        {
            var entries = new List<FolderEntry>();
            while (true)
            {
                var entry = readdir(handle);
                if (entry == null) return Marshal.GetLastPInvokeError() is var error and not 0 ? throw Failure(error) : entries;
                var bytes = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(entry + EntryName);
                if (bytes is [(byte)'.'] or [(byte)'.', (byte)'.']) continue;
                var (name, isUtf8) = Name(bytes);
                var kind = KindOfType(entry[EntryType]);
                if (kind == FileKind.Unknown && isUtf8) kind = Facts(Path.Join(folder, name), followLink: false)?.Kind ?? FileKind.Unknown;
                entries.Add(new(name, kind, isUtf8));
            }
        }
        finally
        {
            _ = closedir(handle);
        }
    }

    public static FileFacts? Facts(string path, bool followLink) => Facts(CurrentFolder, path, followLink ? 0 : NoFollow);

    /// <summary>Those of a file that is open, whatever its name is by now.</summary>
    public static FileFacts? Facts(SafeFileHandle file) => Facts((int)file.DangerousGetHandle(), "", EmptyPath);

    private static FileFacts? Facts(int folder, string path, int flags)
    {
        Statx facts;
        if (statx(folder, path, flags, BasicFacts, &facts) != 0) return null;
        return new(KindOfMode(facts.Mode), ((ulong)facts.DeviceMajor << 32) | facts.DeviceMinor, facts.Number);
    }

    /// <summary>The path without links, <c>.</c> and <c>..</c>; null if something of it is missing.</summary>
    public static string? Resolved(string path)
    {
        var resolved = realpath(path, null);
        if (resolved == null) return null;
        try
        {
            return Marshal.PtrToStringUTF8((nint)resolved);
        }
        finally
        {
            NativeMemory.Free(resolved);
        }
    }

    private static (string Name, bool IsUtf8) Name(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return (s_strict.GetString(bytes), true);
        }
        catch (DecoderFallbackException)
        {
            return (Encoding.UTF8.GetString(bytes), false);
        }
    }

    private static FileKind KindOfType(byte type) => type switch
    {
        1 => FileKind.Fifo,
        2 or 6 => FileKind.Device,
        4 => FileKind.Folder,
        8 => FileKind.File,
        10 => FileKind.Link,
        12 => FileKind.Socket,
        _ => FileKind.Unknown,
    };

    // The types of struct dirent are those of st_mode, shifted.
    private static FileKind KindOfMode(ushort mode) => KindOfType((byte)(mode >> 12));

    private static Exception Failure(int error)
    {
        var message = Marshal.GetPInvokeErrorMessage(error);
        return error switch
        {
            AccessDenied => new UnauthorizedAccessException(message),
            NoEntry => new DirectoryNotFoundException(message),
            _ => new IOException(message),
        };
    }

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial nint opendir(string name);

    [LibraryImport(Library, SetLastError = true)]
    private static partial byte* readdir(nint handle);

    [LibraryImport(Library)]
    private static partial int closedir(nint handle);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int folder, string path, int flags, uint mask, Statx* facts);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial byte* realpath(string path, byte* resolved);

    /// <summary>struct statx, the same on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Statx
    {
        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(32)]
        public ulong Number;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;
    }
}
