using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fovea.Data.Decoding.Interop;

namespace Fovea.Data.Tests.Decoding;

public sealed class NativeLibraryTests
{
    [Fact]
    public void Missing_library_names_itself_what_was_tried_and_what_installs_it()
    {
        var e = Assert.Throws<MissingLibraryException>(() => CodecLibrary.TurboJpeg.Load("/no/such/libturbojpeg.so"));

        Assert.Equal(
            "turbojpeg was not found: tried /no/such/libturbojpeg.so; install it with «apt-get install libturbojpeg0», "
            + "or set FOVEA_TURBOJPEG_PATH to the library's path",
            e.Message);
        Assert.Equal("libturbojpeg0", e.Package);
    }

    [Fact]
    public void Every_library_loads_here() => Assert.All(CodecLibrary.All, library => Assert.NotEqual(0, library.Load()));

    [Fact]
    public void Png_image_is_laid_out_as_in_the_header_file()
    {
        // sizeof and offsetof printed by a C program that includes png.h 1.6.39 on x86-64.
        Assert.Equal(104, Unsafe.SizeOf<PngNative.png_image>());
        Assert.Equal(8, Offset(nameof(PngNative.png_image.version)));
        Assert.Equal(20, Offset(nameof(PngNative.png_image.format)));
        Assert.Equal(28, Offset(nameof(PngNative.png_image.colormap_entries)));
        Assert.Equal(32, Offset(nameof(PngNative.png_image.warning_or_error)));
        Assert.Equal(36, Offset(nameof(PngNative.png_image.message)));
    }

    private static int Offset(string field) => (int)Marshal.OffsetOf<PngNative.png_image>(field);
}
