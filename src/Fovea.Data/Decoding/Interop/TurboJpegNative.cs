using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Fovea.Data.Decoding.Interop;

/// <summary>The TurboJPEG API, each function declared once, named as in <c>turbojpeg.h</c> (2.1; 3.x keeps these entries).</summary>
internal static partial class TurboJpegNative
{
    internal const string Library = "turbojpeg";

    internal const int TJPF_RGB = 0;
    internal const int TJPF_GRAY = 6;
    internal const int TJPF_CMYK = 11;
    internal const int TJFLAG_NOREALLOC = 1024;
    internal const int TJFLAG_ACCURATEDCT = 4096;
    internal const int TJFLAG_PROGRESSIVE = 16384;
    internal const int TJFLAG_LIMITSCANS = 32768;
    internal const int TJERR_WARNING = 0;

    static TurboJpegNative() => CodecLibrary.Resolve();

    [LibraryImport(Library)]
    internal static partial TurboJpegHandle tjInitDecompress();

    [LibraryImport(Library)]
    internal static partial TurboJpegHandle tjInitCompress();

    [LibraryImport(Library)]
    internal static partial int tjDestroy(nint handle);

    [LibraryImport(Library)]
    internal static unsafe partial int tjDecompress2(
        TurboJpegHandle handle, byte* jpegBuf, CULong jpegSize, byte* dstBuf, int width, int pitch, int height, int pixelFormat, int flags);

    [LibraryImport(Library)]
    internal static unsafe partial int tjCompress2(
        TurboJpegHandle handle, byte* srcBuf, int width, int pitch, int height, int pixelFormat, byte** jpegBuf, CULong* jpegSize, int jpegSubsamp,
        int jpegQual, int flags);

    [LibraryImport(Library)]
    internal static partial CULong tjBufSize(int width, int height, int jpegSubsamp);

    [LibraryImport(Library)]
    internal static partial int tjGetErrorCode(TurboJpegHandle handle);

    [LibraryImport(Library)]
    internal static partial nint tjGetErrorStr2(TurboJpegHandle handle);

    internal static string Error(TurboJpegHandle handle) => Marshal.PtrToStringUTF8(tjGetErrorStr2(handle)) ?? "unknown error";
}

internal sealed class TurboJpegHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle() => TurboJpegNative.tjDestroy(handle) == 0;
}
