using Fovea.Data.Sources;

namespace Fovea.Data.Sets;

/// <summary>Class folders.</summary>
internal sealed class FolderDataSet(string root) : DataSet(root)
{
    public override string Kind => "class folders";

    public override IReadOnlyList<string> Parts => [.. ClassFolders.Parts(Place).Where(part => part.Length > 0)];

    public override bool HasValidation => ClassFolders.HasValidation(Place);

    public override DataParts Open(OpenOptions? options = null, CancellationToken stop = default) => ClassFolders.Open(Place, options, stop);

    public override (IImageSource Images, IReadOnlyList<string> Warnings) OpenFor(
        IReadOnlyList<string> classNames, bool validation = true, OpenOptions? options = null, CancellationToken stop = default) =>
        ClassFolders.OpenFor(Place, classNames, validation, options, stop);

    public override (IImageSource Images, Func<int, int> PartOf, IReadOnlyList<string> Warnings) OpenAll(CancellationToken stop = default)
    {
        var (images, warnings) = ClassFolders.OpenAll(Place, stop);
        var parts = Parts.ToArray();
        return (images, index => Array.FindIndex(parts, part => images.Key(index).StartsWith($"{part}/", StringComparison.Ordinal)), warnings);
    }
}
