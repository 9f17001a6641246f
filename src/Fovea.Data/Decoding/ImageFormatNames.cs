namespace Fovea.Data.Decoding;

/// <summary>How the formats are called.</summary>
public static class ImageFormatNames
{
    /// <summary>The name of a format as its users write it: JPEG, PNG, WebP, BMP.</summary>
    public static string Name(this ImageFormat format) => format == ImageFormat.WebP ? "WebP" : format.ToString().ToUpperInvariant();
}
