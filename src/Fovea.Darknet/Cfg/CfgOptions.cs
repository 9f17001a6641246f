using System.Globalization;
using Fovea.Formats;
using Fovea.Naming;

namespace Fovea.Darknet.Cfg;

/// <summary>Reads the entries of a section by type, and knows which were not asked for.</summary>
/// <remarks>
/// As in Darknet the first of several entries of one key counts, and of a number the rest of the value is left out. A value that is no number at all is an
/// error here, where Darknet takes 0.
/// </remarks>
public sealed class CfgOptions
{
    private readonly string _file;
    private readonly Dictionary<string, CfgEntry> _first = new(StringComparer.Ordinal);
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private readonly List<string> _notes = [];
    private readonly List<string> _defaults = [];

    /// <summary>Of a section.</summary>
    /// <param name="file">The file, for messages.</param>
    /// <param name="section">The section.</param>
    public CfgOptions(string file, CfgSection section)
    {
        (_file, Section) = (file, section);
        foreach (var entry in section.Entries)
            if (!_first.TryAdd(entry.Key, entry))
                Note(entry, $"{Shown(entry)} is left out: line {_first[entry.Key].Line} has {Shown(_first[entry.Key])}, and the first counts");
    }

    /// <summary>The section.</summary>
    public CfgSection Section { get; }

    /// <summary>What was passed over so far, a sentence each with its line.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>What Darknet prints of values that are not given, since <see cref="TakeDefaults"/>: <c>stride: Using default '1'</c>.</summary>
    /// <returns>The lines; they are forgotten.</returns>
    public IReadOnlyList<string> TakeDefaults()
    {
        string[] taken = [.. _defaults];
        _defaults.Clear();
        return taken;
    }

    /// <summary>Whether the key is there.</summary>
    public bool Has(string key) => _first.ContainsKey(key);

    /// <summary>A whole number.</summary>
    /// <param name="key">The key.</param>
    /// <param name="usual">The number where it is not given.</param>
    /// <param name="low">The least.</param>
    /// <param name="high">The largest.</param>
    /// <param name="isTold">Whether Darknet says so where it is not given.</param>
    /// <exception cref="ModelFormatException">It is no number, or out of range.</exception>
    public int Integer(string key, int usual, int low = int.MinValue, int high = int.MaxValue, bool isTold = false)
    {
        if (Find(key) is not { } entry) return Usual(key, usual, usual.ToString(CultureInfo.InvariantCulture), isTold);
        var number = IntegerOf(entry, entry.Value);
        return number >= low && number <= high ? number : throw Wrong(key, $"is {number}; wanted {Range(low, high)}");
    }

    /// <summary>Whether a whole number is other than 0.</summary>
    public bool Flag(string key) => Integer(key, 0) != 0;

    /// <summary>A number.</summary>
    /// <inheritdoc cref="Integer"/>
    public double Real(string key, double usual, double low = double.MinValue, double high = double.MaxValue, bool isTold = false)
    {
        if (Find(key) is not { } entry) return Usual(key, usual, usual.ToString("F6", CultureInfo.InvariantCulture), isTold);
        var number = RealOf(entry, entry.Value);
        return number >= low && number <= high ? number : throw Wrong(key, $"is {entry.Value}; wanted {Text(low)} to {Text(high)}");
    }

    /// <summary>A word.</summary>
    /// <inheritdoc cref="Integer" path="/param"/>
    public string Word(string key, string usual, bool isTold = false) => Find(key) is { } entry ? entry.Value : Usual(key, usual, usual, isTold);

    /// <summary>Whole numbers with commas between them; null where the key is not there.</summary>
    public IReadOnlyList<int>? Integers(string key) => Find(key) is { } entry ? [.. Parts(entry).Select(part => IntegerOf(entry, part))] : null;

    /// <summary>Numbers with commas between them; null where the key is not there.</summary>
    public IReadOnlyList<double>? Reals(string key) => Find(key) is { } entry ? [.. Parts(entry).Select(part => RealOf(entry, part))] : null;

    /// <summary>Says that a value does not do.</summary>
    /// <param name="key">The key; where it is not in the section, its line is that of the section.</param>
    /// <param name="problem">What is wrong, and what was wanted.</param>
    public ModelFormatException Wrong(string key, string problem) =>
        new(_file, $"line {(_first.TryGetValue(key, out var entry) ? entry.Line : Section.Line)}", $"[{Section.Name}] {key} {problem}");

    /// <summary>Says that the section does not do.</summary>
    /// <param name="problem">What is wrong, and what was wanted.</param>
    public ModelFormatException Wrong(string problem) => new(_file, $"line {Section.Line}", $"[{Section.Name}] {problem}");

    /// <summary>Tells of something that has no effect here.</summary>
    /// <param name="key">The key; nothing is told where it is not in the section.</param>
    /// <param name="what">What becomes of it.</param>
    public void Pass(string key, string what)
    {
        if (_first.TryGetValue(key, out var entry)) Note(entry, $"{Shown(entry)} {what}");
    }

    /// <summary>The entries that nobody asked for, as Darknet prints them: <c>Unused field: 'k = v'</c>; they are noted too.</summary>
    public IReadOnlyList<string> Unread()
    {
        CfgEntry[] unread = [.. Section.Entries.Where(entry => !_read.Contains(entry.Key))];
        foreach (var entry in unread) Note(entry, $"Unused field: '{entry.Key} = {entry.Value}'{NearestName.Hint(entry.Key, _read)}");
        return [.. unread.Select(entry => $"Unused field: '{entry.Key} = {entry.Value}'")];
    }

    private CfgEntry? Find(string key)
    {
        _read.Add(key);
        return _first.GetValueOrDefault(key);
    }

    private T Usual<T>(string key, T usual, string text, bool isTold)
    {
        if (isTold) _defaults.Add($"{key}: Using default '{text}'");
        return usual;
    }

    private int IntegerOf(CfgEntry entry, string text)
    {
        var length = Length(text, isReal: false);
        if (!long.TryParse(text.AsSpan(0, length), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) || (int)number != number)
            throw Wrong(entry.Key, $"is '{Printable.Short(text, 40)}'; wanted a whole number");
        TellRest(entry, text, length);
        return (int)number;
    }

    private double RealOf(CfgEntry entry, string text)
    {
        var length = Length(text, isReal: true);
        if (!double.TryParse(text.AsSpan(0, length), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !float.IsFinite((float)number))
            throw Wrong(entry.Key, $"is '{Printable.Short(text, 40)}'; wanted a number");
        TellRest(entry, text, length);
        return number;
    }

    private void TellRest(CfgEntry entry, string text, int length)
    {
        if (length < text.Length) Note(entry, $"of {Shown(entry)} the part '{Printable.Short(text[length..], 40)}' is left out");
    }

    private IEnumerable<string> Parts(CfgEntry entry)
    {
        var comment = entry.Value.IndexOf('#', StringComparison.Ordinal);
        var parts = (comment < 0 ? entry.Value : entry.Value[..comment]).Split(',');
        if (parts.Length > CfgLimits.Numbers) throw Wrong(entry.Key, $"has {parts.Length} numbers; wanted at most {CfgLimits.Numbers}");
        return parts[^1].Length == 0 && parts.Length > 1 ? parts.SkipLast(1) : parts;
    }

    /// <summary>How many characters of a text are a number, as C's atoi and atof read it.</summary>
    private static int Length(string text, bool isReal)
    {
        var at = text.Length > 0 && text[0] is '-' or '+' ? 1 : 0;
        at = Digits(at);
        if (!isReal) return at;
        if (at < text.Length && text[at] == '.') at = Digits(at + 1);
        if (at == 0 || at >= text.Length || text[at] is not ('e' or 'E')) return at;
        var exponent = at + 1 < text.Length && text[at + 1] is '-' or '+' ? at + 2 : at + 1;
        return Digits(exponent) is var end && end > exponent ? end : at;

        int Digits(int from)
        {
            while (from < text.Length && char.IsAsciiDigit(text[from])) from++;
            return from;
        }
    }

    private void Note(CfgEntry entry, string what) => _notes.Add(Printable.Line($"line {entry.Line}: [{Section.Name}] {what}"));

    private static string Shown(CfgEntry entry) => $"'{Printable.Short($"{entry.Key}={entry.Value}", 60)}'";

    private static string Range(int low, int high) => high == int.MaxValue ? $"at least {low}" : $"{low} to {high}";

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}
