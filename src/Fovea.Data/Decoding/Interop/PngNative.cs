using System.Runtime.InteropServices;

namespace Fovea.Data.Decoding.Interop;

/// <summary>The simplified API of libpng 1.6, named as in <c>png.h</c>.</summary>
internal static partial class PngNative
{
    internal const string Library = "png16";

    internal const uint PNG_IMAGE_VERSION = 1;
    internal const uint PNG_FORMAT_GRAY = 0;
    internal const uint PNG_FORMAT_RGB = 2;
    internal const uint PNG_FORMAT_RGBA = 3;
    internal const uint PNG_FORMAT_LINEAR_Y = 4;
    internal const uint PNG_FORMAT_LINEAR_RGB = 6;
    internal const uint PNG_FORMAT_RGB_COLORMAP = 10;
    internal const uint PNG_IMAGE_FLAG_16BIT_sRGB = 4;
    internal const uint PNG_IMAGE_ERROR = 2;

    static PngNative() => CodecLibrary.Resolve();

    [LibraryImport(Library)]
    internal static unsafe partial int png_image_begin_read_from_memory(png_image* image, byte* memory, nuint size);

    [LibraryImport(Library)]
    internal static unsafe partial int png_image_finish_read(png_image* image, void* background, void* buffer, int row_stride, void* colormap);

    [LibraryImport(Library)]
    internal static unsafe partial int png_image_write_to_memory(
        png_image* image, void* memory, nuint* memory_bytes, int convert_to_8_bit, void* buffer, int row_stride, void* colormap);

    [LibraryImport(Library)]
    internal static unsafe partial void png_image_free(png_image* image);

    [LibraryImport(Library)]
    internal static partial uint png_access_version_number();

    /// <summary>The control structure that the caller owns; its fields are the header's.</summary>
    internal unsafe struct png_image
    {
        public nint opaque;
        public uint version;
        public uint width;
        public uint height;
        public uint format;
        public uint flags;
        public uint colormap_entries;
        public uint warning_or_error;
        public fixed byte message[64];

        public readonly string Message
        {
            get
            {
                fixed (byte* text = message) return Marshal.PtrToStringUTF8((nint)text) ?? "unknown error";
            }
        }
    }
}
