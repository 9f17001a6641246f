using Fovea.Naming;

namespace Fovea.Data.Decoding;

/// <summary>An image cannot be decoded; the message says which, what is wrong with it and what was wanted.</summary>
public sealed class ImageException : Exception
{
    /// <summary>An image that cannot be decoded.</summary>
    /// <param name="path">The file, or how the source names the image.</param>
    /// <param name="reason">What is wrong, with values.</param>
    /// <param name="wanted">What would have been right.</param>
    /// <param name="inner">The exception that this one explains, if any.</param>
    public ImageException(string path, string reason, string wanted, Exception? inner = null)
        : base($"{Printable.Of(path)}: {Printable.Line(reason)}; wanted {Printable.Line(wanted)}", inner)
    {
        (Path, Reason, Wanted) = (path, reason, wanted);
    }

    /// <summary>The file, or how the source names the image.</summary>
    public string Path { get; }

    /// <summary>What is wrong with the image.</summary>
    public string Reason { get; }

    /// <summary>What was wanted instead.</summary>
    public string Wanted { get; }
}
