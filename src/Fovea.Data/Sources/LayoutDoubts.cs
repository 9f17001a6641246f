using Fovea.Naming;

namespace Fovea.Data.Sources;

/// <summary>What speaks against taking folders for classes.</summary>
internal static class LayoutDoubts
{
    /// <summary>Why these classes cannot be meant, or null.</summary>
    /// <param name="root">The data folder.</param>
    /// <param name="part">The part whose classes they are; empty for class folders in the root itself.</param>
    /// <param name="classNames">The classes.</param>
    /// <param name="images">The keys of the images of each.</param>
    public static DataException? Refusal(string root, string part, IReadOnlyList<string> classNames, IReadOnlyList<List<string>> images)
    {
        var parts = part.Length > 0 ? [] : classNames.Where(name => PartNames.Of(name) is not null).ToArray();
        if (parts.Length > 1)
        {
            var (all, first) = (ClassFolders.Listed(parts), Printable.Of(parts[0]));
            return new(
                root, $"the folders {all} are called like parts of a data set, but hold images and no class folders",
                $"class folders in them ({first}/CLASS/…); if these are the classes, train/{first}/… and so on");
        }

        string[] likely =
        [
            .. Enumerable.Range(0, classNames.Count)
                .Where(label => PartNames.Mentions(classNames[label]) && AllLieDeeper(part, classNames[label], images[label]))
                .Select(label => classNames[label]),
        ];
        if (likely.Length > 1)
        {
            return new(
                Path.Join(root, part), $"the folders {ClassFolders.Listed(likely)} are called like parts of a data set, and their images lie in folders within",
                "train/CLASS/… beside val/CLASS/…; a link to each part under such a name does");
        }

        for (var label = 0; label < classNames.Count; label++)
        {
            string[] inside = [.. Inside(part, classNames[label], images[label]).Where(name => PartNames.Of(name) is not null)];
            if (inside.Select(PartNames.Of).Distinct().Count() < 2) continue;
            var (name, within) = (Printable.Of(classNames[label]), ClassFolders.Listed(inside));
            return new(
                Path.Join(root, part), $"the folder {name} is no class: it holds the parts {within}",
                $"parts above classes ({Printable.Of(inside[0])}/{name}/…), or, if {name} is the data set, its path");
        }

        return null;
    }

    /// <summary>What is odd about these classes but may be meant, one line each.</summary>
    /// <inheritdoc cref="Refusal" path="/param"/>
    public static IEnumerable<string> Warnings(string root, string part, IReadOnlyList<string> classNames, IReadOnlyList<List<string>> images)
    {
        var folder = Printable.Of(Path.Join(root, part));
        foreach (var name in classNames.Where(name => part.Length == 0 && PartNames.Of(name) is not null))
            yield return $"{folder}: {Printable.Of(name)} is called like a part of a data set, but holds images and is taken for a class";
        int[] deeper = [.. Enumerable.Range(0, classNames.Count).Where(label => AllLieDeeper(part, classNames[label], images[label]))];
        if (deeper.Length > 0)
        {
            var example = classNames[deeper[0]];
            var inside = ClassFolders.Listed([.. Inside(part, example, images[deeper[0]])]);
            var names = ClassFolders.Listed([.. deeper.Select(label => classNames[label])]);
            yield return $"{folder}: all images of {names} lie in folders within ({Printable.Of(example)} holds {inside}); if those are the classes, "
                + "they have to lie where these are";
        }

        if (Alike(Path.Join(root, part), classNames) is { } alike) yield return alike;
    }

    /// <summary>That classes print alike, in one line however many do; null where none do.</summary>
    /// <param name="place">Where they are.</param>
    /// <param name="classNames">The classes.</param>
    public static string? Alike(string place, IEnumerable<string> classNames)
    {
        var pairs = Lookalikes.Pairs(classNames).ToArray();
        if (pairs.Length == 0) return null;
        var more = pairs.Length > 1 ? $" (and {Amount.Of(pairs.Length - 1, "more pair")})" : "";
        return $"{Printable.Of(place)}: the classes {Printable.Of(pairs[0].First)} and {Printable.Of(pairs[0].Second)}{more} print alike, "
            + "but are written with other characters";
    }

    /// <summary>The folders within a class that hold all of its images; none if some lie in the class folder itself.</summary>
    public static bool AllLieDeeper(string part, string className, List<string> images) =>
        images.Count > 0 && images.TrueForAll(key => key.IndexOf('/', Prefix(part, className)) >= 0);

    /// <summary>The names of the folders directly within a class that hold images.</summary>
    public static IEnumerable<string> Inside(string part, string className, List<string> images)
    {
        var prefix = Prefix(part, className);
        return images.Where(key => key.IndexOf('/', prefix) >= 0).Select(key => key[prefix..key.IndexOf('/', prefix)]).Distinct();
    }

    private static int Prefix(string part, string className) => (part.Length > 0 ? part.Length + 1 : 0) + className.Length + 1;
}
