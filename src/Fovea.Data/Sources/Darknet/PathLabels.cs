namespace Fovea.Data.Sources.Darknet;

/// <summary>Tells the class of an image by its path: the label that is a component of it.</summary>
/// <remarks>
/// A component is the name of a folder on the way, or, where no folder is a label, a part of the file's name between two characters that are neither letters
/// nor digits: <c>n01440764/1.jpg</c> and <c>1_n01440764.jpg</c> are of <c>n01440764</c>. Darknet takes any text within the path (<c>strstr</c>), by which
/// <c>firetruck/1.jpg</c> is a <c>truck</c> as well.
/// </remarks>
/// <param name="labels">The labels, of which no two are the same.</param>
internal sealed class PathLabels(IReadOnlyList<string> labels)
{
    private const int MostParts = 64;

    private readonly Dictionary<string, int> _places = labels.Index().ToDictionary(label => label.Item, label => label.Index, StringComparer.Ordinal);
    private readonly int _longest = labels.Max(label => label.Length);

    /// <summary>The places of the labels that a path names, in ascending order: one, if all is well.</summary>
    public IReadOnlyList<int> Of(string path)
    {
        var folders = path.Split('/', '\\');
        SortedSet<int> found = [.. folders.SkipLast(1).Select(PlaceOf).Where(place => place >= 0)];
        return [.. found.Count > 0 ? found : InName(Path.GetFileNameWithoutExtension(folders[^1]))];
    }

    /// <summary>The labels within a name, but for those within a longer one.</summary>
    private SortedSet<int> InName(string name)
    {
        int[] bounds = [-1, .. name.Index().Where(c => !char.IsLetterOrDigit(c.Item)).Select(c => c.Index).Take(MostParts), name.Length];
        var found = new SortedSet<int>();
        for (var first = 0; first + 1 < bounds.Length; first++)
        {
            for (var last = bounds.Length - 1; last > first; last--)
            {
                var length = bounds[last] - bounds[first] - 1;
                if (length > _longest || PlaceOf(name.Substring(bounds[first] + 1, length)) is not (>= 0 and var place)) continue;
                found.Add(place);
                first = last - 1;
                break;
            }
        }

        return found;
    }

    private int PlaceOf(string text) => _places.GetValueOrDefault(text, -1);
}
