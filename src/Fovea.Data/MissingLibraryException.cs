
namespace Fovea.Data;

/// <summary>A native library that decodes images is not on this machine; the message names it, what was tried and what installs it.</summary>
public sealed class MissingLibraryException : Exception
{
    internal MissingLibraryException(string library, IReadOnlyList<string> tried, string package, string variable)
        : base($"{library} was not found: tried {string.Join(", ", tried)}; install it with «apt-get install {package}», "
            + $"or set {variable} to the library's path")
    {
        (Library, Tried, Package) = (library, tried, package);
    }

    /// <summary>The library, for example <c>turbojpeg</c>.</summary>
    public string Library { get; }

    /// <summary>The file names and paths that the system's loader refused.</summary>
    public IReadOnlyList<string> Tried { get; }

    /// <summary>The Debian package that holds the library.</summary>
    public string Package { get; }
}
