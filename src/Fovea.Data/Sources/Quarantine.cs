using System.Text;

namespace Fovea.Data.Sources;

/// <summary>Moves bad images out of a data set and keeps a list of them with reasons.</summary>
internal static class Quarantine
{
    private const string ListName = "quarantine.txt";

    /// <summary>Moves a file to <paramref name="folder"/>, under its path within the data set, and appends a line to <c>quarantine.txt</c> there.</summary>
    /// <returns>Where the file is now.</returns>
    /// <exception cref="DataException">The file cannot be moved; it is left where it was.</exception>
    public static string Move(string path, string key, string message, string folder)
    {
        var target = Free(Path.GetFullPath(Path.Join(folder, key.Replace("../", "", StringComparison.Ordinal))));
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Move(path, target);
            File.AppendAllText(Path.Join(folder, ListName), $"{key}\t{message.ReplaceLineEndings(" ")}\n", Encoding.UTF8);
            return target;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(path, $"the bad image cannot be moved to {target} ({e.Message})", "a quarantine folder that can be written to", e);
        }
    }

    private static string Free(string path)
    {
        var free = path;
        for (var i = 2; File.Exists(free); i++) free = Path.ChangeExtension(path, $"{i}{Path.GetExtension(path)}");
        return free;
    }
}
