using System.Text.Json;
using Fovea.Data.Files;
using Fovea.Json;
using Fovea.Naming;
using Fovea.Paths;

namespace Fovea.Data.Synth;

/// <summary>The folder of a drawn data set. A file in it, <c>synth.json</c>, says from which options; so another run knows which files are its own.</summary>
internal sealed class SynthFolder(string path)
{
    private const string MarkerName = "synth.json";
    private const string Generator = "fovea data synth";
    private const int Version = 1;

    /// <summary>Makes the folder, or takes over one that such a data set fills and nothing else; removes the files that the new one does not have.</summary>
    /// <exception cref="IOException">The folder holds something else.</exception>
    public void Claim(SynthOptions options, SynthPlan plan)
    {
        if (PathProblem.OfLink(path) is { } link) throw new IOException($"{Printable.Of(path)}: {link}; wanted a folder, new or empty");
        if (File.Exists(path)) throw new IOException($"{Printable.Of(path)}: is a file; wanted a folder, new or empty");
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any()) RemoveOld(plan);
        try
        {
            foreach (var folder in FoldersOf(plan)) Directory.CreateDirectory(folder);
            WriteMarker(options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Remove(plan);
            throw NotWritten("", e);
        }
    }

    /// <summary>Removes what is there of a data set, and the folders that are empty then.</summary>
    public void Remove(SynthPlan plan)
    {
        foreach (var file in plan.Items.Select(PathOf).Append(Path.Combine(path, MarkerName)).Where(File.Exists)) File.Delete(file);
        string[] folders = [.. FoldersOf(plan), .. FoldersOf(plan).Select(folder => Path.GetDirectoryName(folder)!).Distinct(), path];
        foreach (var folder in folders.Where(folder => Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any()))
            Directory.Delete(folder);
    }

    /// <summary>That the pictures cannot be written, when what there was of them is removed.</summary>
    /// <param name="when">How far it came, with what parts it from the reason; or nothing.</param>
    /// <param name="e">What the system said.</param>
    public IOException NotWritten(string when, Exception e) => new(
        $"{Printable.Of(path)}: the pictures cannot be written ({when}{PathProblem.OfFolder(path, e)}); none of them is left; "
        + "wanted a folder with room that can be written to",
        e);

    public string PathOf(SynthPlan.Item item) => Path.Combine(path, item.Path.Replace('/', Path.DirectorySeparatorChar));

    private IEnumerable<string> FoldersOf(SynthPlan plan) => plan.Items.Select(item => Path.GetDirectoryName(PathOf(item))!).Distinct();

    private void RemoveOld(SynthPlan plan)
    {
        var old = ReadMarker() ?? throw new IOException(
            $"{Printable.Of(path)}: is not empty and no data set that «{Generator}» has drawn; wanted a new or an empty folder, so that nothing is lost");
        var own = old.Items.Select(PathOf).Append(Path.Combine(path, MarkerName)).ToHashSet(StringComparer.Ordinal);
        // What a link in the folder leads to is not the folder's: nothing is written or removed there.
        var foreign = Everything(path).FirstOrDefault(file => file.Kind != FileKind.File || !own.Contains(file.Path)).Path;
        if (foreign is not null)
            throw new IOException(
                $"{Printable.Of(foreign)}: was not drawn by «{Generator}»; wanted a folder that holds its files alone, so that nothing is lost");

        foreach (var stale in old.Items.ExceptBy(plan.Items.Select(item => item.Path), item => item.Path)) File.Delete(PathOf(stale));
        foreach (var folder in FoldersOf(old))
            if (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any()) Directory.Delete(folder);
    }

    private static IEnumerable<(string Path, FileKind Kind)> Everything(string folder) => FolderEntry.In(folder).SelectMany(entry =>
        Path.Combine(folder, entry.Name) is var inside && entry.Kind == FileKind.Folder ? Everything(inside) : [(inside, entry.Kind)]);

    private void WriteMarker(SynthOptions options)
    {
        var marker = new SynthMarker(Generator, Version, options.Classes, options.Images, options.Seed, options.ValFraction);
        File.WriteAllBytes(Path.Combine(path, MarkerName), JsonSerializer.SerializeToUtf8Bytes(marker, SynthJson.Default.SynthMarker));
    }

    /// <summary>The plan of the data set that is there; none if there is none, or one of another version.</summary>
    private SynthPlan? ReadMarker()
    {
        if (FileFacts.Of(Path.Combine(path, MarkerName), followLink: false) is not { Kind: FileKind.File }) return null;
        try
        {
            var marker = JsonText.Read(File.ReadAllBytes(Path.Combine(path, MarkerName)), MarkerName, SynthJson.Default.SynthMarker);
            if (marker is not { Generator: Generator, Version: Version }) return null;
            var options = new SynthOptions { Classes = marker.Classes, Images = marker.Images, Seed = marker.Seed, ValFraction = marker.ValFraction };
            options.Validate();
            return new(options);
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            return null;
        }
    }
}
