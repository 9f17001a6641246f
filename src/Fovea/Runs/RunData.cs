using Fovea.Data.Sets;
using Fovea.Data.Sources;

namespace Fovea.Runs;

/// <summary>The data of a run, and how it is read, so that later commands read it in the same way.</summary>
/// <param name="Place">The place, as it is called from any folder.</param>
/// <param name="Options">How it is read.</param>
public sealed record RunData(string Place, SourceOptions Options)
{
    /// <summary>Data as a run notes it: by full paths.</summary>
    /// <param name="place">A file, a folder, a pattern or an address.</param>
    /// <param name="options">How it is read; the defaults if null.</param>
    public static RunData Of(string place, SourceOptions? options = null)
    {
        options ??= new();
        return new(
            DataSet.IsAddress(place) ? place : Path.GetFullPath(place), options with { Root = Full(options.Root), ClassNames = Full(options.ClassNames) });
    }

    private static string? Full(string? path) => path is null ? null : Path.GetFullPath(path);
}
