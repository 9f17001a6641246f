using System.Runtime.InteropServices;

namespace Fovea.Backends.OneDnn.Interop;

/// <summary>What is used of glibc, named as in its headers.</summary>
internal static unsafe partial class LibC
{
    internal const int PROT_READ = 1;
    internal const int PROT_WRITE = 2;
    internal const int MAP_PRIVATE = 2;
    internal const int MAP_ANONYMOUS = 32;
    internal const int MADV_HUGEPAGE = 14;

    internal const string Library = "libc.so.6";

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint getenv(string name);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int setenv(string name, string value, int overwrite);

    [LibraryImport(Library)]
    internal static partial int dladdr(nint addr, DlInfo* info);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint mmap(nint addr, nuint length, int prot, int flags, int fd, nint offset);

    [LibraryImport(Library)]
    internal static partial int munmap(nint addr, nuint length);

    [LibraryImport(Library)]
    internal static partial int madvise(nint addr, nuint length, int advice);

    [LibraryImport(Library)]
    internal static partial int sem_init(nint sem, int pshared, uint value);

    [LibraryImport(Library)]
    internal static partial int sem_post(nint sem);

    [LibraryImport(Library)]
    internal static partial int pthread_create(out nint thread, nint attr, nint start_routine, nint arg);

    [LibraryImport(Library)]
    internal static partial int pthread_join(nint thread, nint retval);

    /// <summary>Dl_info.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct DlInfo
    {
        internal nint FileName;
        internal nint FileBase;
        internal nint SymbolName;
        internal nint SymbolAddress;
    }
}
