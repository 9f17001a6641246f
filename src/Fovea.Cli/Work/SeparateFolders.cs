using Fovea.Cli.Usage;
using Fovea.Data.Sources;
using Fovea.Naming;

namespace Fovea.Cli.Work;

/// <summary>Keeps what a command writes apart from the images that it reads.</summary>
internal static class SeparateFolders
{
    /// <exception cref="UsageException">The file to be written lies in the data folder.</exception>
    internal static void CheckFile(string option, string output, string data)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(output)) is { } folder
            && FolderRelation.Between(folder, data) is "it is the data folder" or "it lies in the data folder")
            throw new UsageException($"{option} {Printable.Of(output)}: it lies in the data folder {Printable.Of(data)}; wanted a file beside it");
    }

    /// <exception cref="UsageException">The folder to be written is the data folder, lies in it, or holds it.</exception>
    internal static void Check(string option, string output, string data)
    {
        if (FolderRelation.Between(output, data) is { } relation)
            throw new UsageException(
                $"{option} {Printable.Of(output)}: {relation} {Printable.Of(data)}; wanted a folder beside it, so that neither is taken for the other");
    }
}
