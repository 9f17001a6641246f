using System.Globalization;
using Fovea.Naming;

namespace Fovea.Data.Sources.Lists;

/// <summary>The classes of lists and shards, and which of them a label is.</summary>
internal sealed class LabelNames
{
    /// <summary>The most classes that are told apart by number alone.</summary>
    private const int MostClasses = 1 << 20;

    private readonly Dictionary<string, int> _places;
    private readonly string? _file;

    private LabelNames(IReadOnlyList<string> names, bool areNumbers, string? file)
    {
        (Names, AreNumbers, _file) = (names, areNumbers, file);
        _places = names.Index().ToDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal);
    }

    /// <summary>The classes.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Whether the classes are known by number alone.</summary>
    public bool AreNumbers { get; }

    private bool LabelsArePlaces { get; init; }

    /// <summary>The classes of some images.</summary>
    /// <remarks>
    /// With a file of names, labels are names if all numbers among them are names, and places otherwise. Without one the labels are the names: whole numbers
    /// in their order, the
    /// smallest first, or texts in ordinal order.
    /// </remarks>
    /// <param name="all">The labels of all images.</param>
    /// <param name="file">The file of names, or null.</param>
    /// <exception cref="DataException">The file cannot be read.</exception>
    public static LabelNames Of(IEnumerable<string> all, string? file)
    {
        var labels = all.ToHashSet(StringComparer.Ordinal);
        var areNumbers = labels.Count > 0 && labels.All(label => Number(label) is not null);
        if (file is not null)
        {
            var names = ClassNameFile.Read(file);
            return new(names, false, file) { LabelsArePlaces = labels.Except(names).Any(label => Number(label) is not null) };
        }

        return areNumbers && labels.Count <= MostClasses
            ? new([.. labels.Select(label => Number(label)!.Value).Distinct().Order().Select(Text)], true, null)
            : new([.. labels.Order(StringComparer.Ordinal)], false, null);
    }

    /// <summary>The place of a label's class.</summary>
    /// <param name="label">The label.</param>
    /// <param name="where">The line or member that says it, for messages.</param>
    /// <exception cref="DataException">There is no such class.</exception>
    public int PlaceOf(string label, string where)
    {
        if ((LabelsArePlaces || AreNumbers) && Number(label) is { } number)
        {
            if (number < 0) throw new DataException(where, $"the label is {number}", "0 or more");
            if (AreNumbers) return _places[Text(number)];
            return number < Names.Count
                ? number
                : throw new DataException(where, $"the label is {number}", $"0 to {Names.Count - 1}, as in {Printable.Of(_file!)}");
        }

        return _places.TryGetValue(label, out var place)
            ? place
            : throw new DataException(
                where, $"the label is «{Printable.Line(label, 200)}»", $"one of the {Amount.Of(Names.Count, "class")} in {Printable.Of(_file!)}");
    }

    private static int? Number(string label) =>
        int.TryParse(label, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
