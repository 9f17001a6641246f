using Fovea.Data.Decoding.Interop;

namespace Fovea.Data.Decoding;

/// <summary>A native image library on this machine, as <c>fovea doctor</c> shows it.</summary>
/// <param name="Name">The library, as in <c>turbojpeg</c>.</param>
/// <param name="Path">The file that was loaded, or <c>loaded</c> where the system does not tell; null when it is missing.</param>
/// <param name="Problem">What was tried and what installs it; null when it is there.</param>
public sealed record CodecDiagnostics(string Name, string? Path, string? Problem)
{
    private const string Mappings = "/proc/self/maps";

    /// <summary>Looks for each library, and loads it.</summary>
    public static IReadOnlyList<CodecDiagnostics> Read() => [.. CodecLibrary.All.Select(Read)];

    private static CodecDiagnostics Read(CodecLibrary library)
    {
        try
        {
            library.Load();
            return new(library.Name, PathOf(library.Name) ?? "loaded", null);
        }
        catch (MissingLibraryException e)
        {
            return new(library.Name, null, e.Message);
        }
    }

    private static string? PathOf(string name)
    {
        if (!File.Exists(Mappings)) return null;
        return File.ReadLines(Mappings).Select(line => line.IndexOf('/', StringComparison.Ordinal) is var at and >= 0 ? line[at..] : "")
            .FirstOrDefault(path => System.IO.Path.GetFileName(path).StartsWith($"lib{name}.", StringComparison.Ordinal));
    }
}
