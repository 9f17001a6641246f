using Fovea.Data.Files;
using Fovea.Naming;

namespace Fovea.Data.Sources;

/// <summary>A folder that bad images are moved to, with <c>quarantine.txt</c>, a list of them with reasons.</summary>
public static class Quarantine
{
    private const string ListName = "quarantine.txt";
    private const int MostBytes = 256 << 20;

    /// <summary>The keys of the images that were moved to a folder, in the order of its list; none if there is no list.</summary>
    /// <exception cref="DataException">The list cannot be read.</exception>
    public static IReadOnlyList<string> Keys(string folder)
    {
        var list = Path.Join(folder, ListName);
        return File.Exists(list) ? [.. TextFile.Lines(list, MostBytes).Select(line => Key(line.Split('\t')[0]))] : [];
    }

    /// <summary>
    /// Moves a file, under its path within the data set, and appends a line to the list. A file that lies outside of the data set, where a link leads, or
    /// that is a link, stays where it is, as does one whose place would be outside of the quarantine.
    /// </summary>
    /// <param name="bad">The image.</param>
    /// <param name="path">Its file.</param>
    /// <param name="folder">The quarantine.</param>
    /// <returns>The image with the place where it is now, or the reason why it stays.</returns>
    /// <exception cref="DataException">The file cannot be moved; it is left where it was.</exception>
    internal static BadImage Move(BadImage bad, string path, string folder)
    {
        var target = Path.GetFullPath(Path.Join(folder, bad.Key));
        if (Objection(path, bad.Key, target, folder) is { } objection) return bad with { Message = $"{bad.Message}; it stays where it is: {objection}" };
        target = Free(target);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Move(path, target);
            Note(path, target, $"{Printable.Of(bad.Key)}\t{Printable.Line(bad.Message)}\n", folder);
            return bad with { MovedTo = target };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (File.Exists(path) && File.Exists(target)) File.Delete(target);
            throw new DataException(
                path, $"the bad image cannot be moved to {Printable.Of(target)} ({e.Message.TrimEnd('.')})", "a quarantine folder that can be written to", e);
        }
    }

    private static string? Objection(string path, string key, string target, string folder)
    {
        if (FileFacts.Of(path, followLink: false) is not { Kind: FileKind.File }) return "it is a link, or gone";
        if (!path.EndsWith(key, StringComparison.Ordinal) || !RealPath.IsWithin(RealPath.Of(path), RealPath.Of(Path.Join(path[..^key.Length], "."))))
            return "it lies outside of the data folder";
        return RealPath.IsWithin(RealPath.Of(target), RealPath.Of(folder)) ? null : "its name leads out of the quarantine folder";
    }

    private static void Note(string path, string target, string line, string folder)
    {
        try
        {
            var list = Path.Join(folder, ListName);
            if (FileFacts.Of(list, followLink: false) is { Kind: not FileKind.File }) throw new IOException($"{Printable.Of(list)} is no file");
            File.AppendAllText(list, line);
        }
        catch
        {
            File.Move(target, path);
            throw;
        }
    }

    private static string Free(string path)
    {
        var free = path;
        for (var i = 2; FileFacts.Of(free, followLink: false) is not null; i++) free = Path.ChangeExtension(path, $"{i}{Path.GetExtension(path)}");
        return free;
    }

    private static string Key(string text)
    {
        try
        {
            return Printable.Parse(text);
        }
        catch (FormatException)
        {
            return text;
        }
    }
}
