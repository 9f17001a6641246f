namespace Fovea.Data.Decoding;

/// <summary>Tells formats apart by the first bytes; the file's name plays no part.</summary>
internal static class ImageSignature
{
    internal const string Wanted = "a JPEG, PNG, WebP or BMP image";

    public static ImageFormat Detect(ReadOnlySpan<byte> data, string path)
    {
        if (data.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8])) return ImageFormat.Jpeg;
        if (data.StartsWith(PngChunks.Signature)) return ImageFormat.Png;
        if (data.Length >= 12 && data.StartsWith("RIFF"u8) && data[8..].StartsWith("WEBP"u8)) return ImageFormat.WebP;
        if (data.Length >= 2 && data.StartsWith("BM"u8)) return ImageFormat.Bmp;
        if (data.IsEmpty) throw new ImageException(path, "the file is empty (0 bytes)", Wanted);
        throw new ImageException(path, Describe(data, Path.GetExtension(path)), Wanted);
    }

    private static string Describe(ReadOnlySpan<byte> data, string extension)
    {
        var named = extension.Length > 1 ? $"named {extension}, but " : "";
        if (Foreign(data) is { } format) return $"{named}its content is {format}";
        var head = data[..Math.Min(data.Length, 8)];
        return head.IndexOfAnyExcept((byte)0) < 0
            ? $"{named}its first {head.Length} bytes are zero"
            : $"{named}its first bytes are {Convert.ToHexString(head)}, of no known image format";
    }

    private static string? Foreign(ReadOnlySpan<byte> data)
    {
        if (data.StartsWith("GIF8"u8)) return "GIF";
        if (data.StartsWith("II*\0"u8) || data.StartsWith("MM\0*"u8)) return "TIFF";
        if (data.StartsWith("%PDF"u8)) return "PDF";
        if (data.StartsWith("PK\u0003\u0004"u8)) return "a ZIP archive";
        if (data.StartsWith("8BPS"u8)) return "Photoshop";
        if (data.Length >= 12 && data[4..].StartsWith("ftyp"u8)) return "an ISO media file (AVIF, HEIC or video)";
        if (data.StartsWith("\0\0\0\u000CjP  "u8)) return "JPEG 2000";
        if (data.StartsWith("version https://git-lfs"u8)) return "a Git LFS pointer, which 'git lfs pull' replaces by the image";
        if (data.StartsWith("<"u8)) return "text (HTML, XML or SVG)";
        return null;
    }
}
