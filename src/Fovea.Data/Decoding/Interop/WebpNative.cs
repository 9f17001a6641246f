using System.Runtime.InteropServices;

namespace Fovea.Data.Decoding.Interop;

/// <summary>The simple API of libwebp, named as in <c>webp/decode.h</c>.</summary>
internal static partial class WebpNative
{
    internal const string Library = "webp";

    static WebpNative() => CodecLibrary.Resolve();

    [LibraryImport(Library)]
    internal static unsafe partial byte* WebPDecodeRGBInto(byte* data, nuint data_size, byte* output_buffer, nuint output_buffer_size, int output_stride);

    [LibraryImport(Library)]
    internal static unsafe partial int WebPGetInfo(byte* data, nuint data_size, int* width, int* height);

    [LibraryImport(Library)]
    internal static partial int WebPGetDecoderVersion();
}
