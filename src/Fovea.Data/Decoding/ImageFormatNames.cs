namespace Fovea.Data.Decoding;

/// <summary>How the formats are called.</summary>
public static class ImageFormatNames
{
    /// <summary>The name of a format as its users write it: JPEG, PNG, WebP, BMP, raw.</summary>
    public static string Name(this ImageFormat format) => format switch
    {
        ImageFormat.WebP => "WebP",
        ImageFormat.Raw => "raw",
        _ => format.ToString().ToUpperInvariant(),
    };
}
