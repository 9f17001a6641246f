using System.Globalization;
using System.Text.Json;

namespace Fovea.Data.Parity;

/// <summary>
/// A value of a fixture, which knows where it stands and what has been read of it: what nobody reads is compared with nothing, and must not pass
/// (<see cref="Unread"/>).
/// </summary>
/// <remarks>All members that read throw <see cref="FixtureException"/> where there is something else than they want.</remarks>
public sealed class FixtureNode
{
    private const string Note = "note";

    private static readonly string[] s_names = ["name", "op", "update_rule", "mode"];

    private readonly JsonElement _json;
    private readonly Dictionary<string, FixtureNode> _fields = new(StringComparer.Ordinal);
    private FixtureNode[]? _items;
    private bool _isRead;
    private bool _isClosed;

    /// <summary>A fixture as a whole.</summary>
    /// <param name="json">Must live as long as the node.</param>
    public FixtureNode(JsonElement json)
        : this(json, "")
    {
    }

    private FixtureNode(JsonElement json, string where) => (_json, Where) = (json, where);

    /// <summary>Where it stands: <c>cases[3] (sgd).params.lr</c>; empty for the fixture as a whole.</summary>
    public string Where { get; }

    /// <summary>Whether it is null.</summary>
    public bool IsNull => Read(_json.ValueKind == JsonValueKind.Null);

    /// <summary>Whether it is a list.</summary>
    public bool IsList => _json.ValueKind == JsonValueKind.Array;

    /// <summary>Whether it is text.</summary>
    public bool IsText => _json.ValueKind == JsonValueKind.String;

    /// <summary>The entries of a list that has some.</summary>
    public IReadOnlyList<FixtureNode> Items
    {
        get
        {
            if (!IsList) throw Wrong($"is {Kind}; wanted a list");
            if (_json.GetArrayLength() == 0) throw Wrong("is an empty list; wanted at least one entry, or there is nothing to compare");
            return _items ??= [.. _json.EnumerateArray().Select((item, i) => new FixtureNode(item, Invariant($"{Where}[{i}]{NameOf(item)}")))];
        }
    }

    /// <summary>The fields of an object that has some.</summary>
    public IReadOnlyList<(string Name, FixtureNode Value)> Fields
    {
        get
        {
            var names = Names();
            return names.Count > 0 ? [.. names.Select(name => (name, this[name]))] : throw Wrong("has no fields; wanted at least one to compare");
        }
    }

    /// <summary>A field that must be there.</summary>
    public FixtureNode this[string name] => Find(name) ?? throw new FixtureException(Below(name), "is missing; wanted what the fixtures' README says of it");

    /// <summary>A field, or null where there is none.</summary>
    public FixtureNode? Find(string name)
    {
        if (_json.ValueKind != JsonValueKind.Object) throw Wrong($"is {Kind}; wanted an object with '{name}'");
        if (_fields.TryGetValue(name, out var known)) return known;
        return _json.TryGetProperty(name, out var value) ? _fields[name] = new(value, Below(name)) : null;
    }

    /// <summary>The names of all fields.</summary>
    public IReadOnlyList<string> Names() =>
        _json.ValueKind == JsonValueKind.Object ? [.. _json.EnumerateObject().Select(field => field.Name)] : throw Wrong($"is {Kind}; wanted an object");

    /// <summary>A finite number.</summary>
    public double Number() => Read(_json.ValueKind == JsonValueKind.Number && _json.GetDouble() is var number && double.IsFinite(number)
        ? number
        : throw Wrong($"is {Kind}; wanted a finite number"));

    /// <summary>A whole number of a range.</summary>
    public int Integer(int least = int.MinValue, int most = int.MaxValue)
    {
        var number = Number();
        return number == Math.Floor(number) && number >= least && number <= most ? (int)number : throw Wrong(Invariant($"is {number}; wanted ") + (
            (least, most) is (int.MinValue, int.MaxValue) ? "a whole number"
            : most == int.MaxValue ? Invariant($"a whole number from {least} on") : Invariant($"a whole number from {least} to {most}")));
    }

    /// <summary>Text.</summary>
    public string Text() => Read(IsText ? _json.GetString()! : throw Wrong($"is {Kind}; wanted text"));

    /// <summary>Whether it is true.</summary>
    public bool Flag() =>
        Read(_json.ValueKind is JsonValueKind.True or JsonValueKind.False ? _json.GetBoolean() : throw Wrong($"is {Kind}; wanted true or false"));

    /// <summary>The number of a field; where it is missing, <paramref name="otherwise"/>.</summary>
    public double Number(string name, double otherwise) => Find(name)?.Number() ?? otherwise;

    /// <summary>Whether a field is true; where it is missing, <paramref name="otherwise"/>.</summary>
    public bool Flag(string name, bool otherwise) => Find(name)?.Flag() ?? otherwise;

    /// <summary>Numbers in nested lists of a shape, row by row.</summary>
    public double[] Numbers(params IReadOnlyList<int> shape)
    {
        var numbers = new List<double>();
        Add(this, 0);
        return [.. numbers];

        void Add(FixtureNode node, int axis)
        {
            var count = node.IsList ? node._json.GetArrayLength() : throw node.Wrong($"is {node.Kind}; wanted a list of {shape[axis]} {What(axis)}");
            if (count != shape[axis]) throw node.Wrong($"has {count} entries; wanted {shape[axis]} {What(axis)}");
            foreach (var item in node.Items)
            {
                if (axis + 1 < shape.Count) Add(item, axis + 1);
                else numbers.Add(item.Number());
            }
        }

        string What(int axis) => axis + 1 == shape.Count ? "numbers" : "lists";
    }

    /// <summary>All numbers of nested lists, row by row, however they are nested.</summary>
    /// <param name="count">How many there must be; null for any but none.</param>
    public double[] Flat(int? count = null)
    {
        double[] numbers = [.. Items.SelectMany(item => item.IsList ? item.Flat() : [item.Number()])];
        return count is null || numbers.Length == count ? numbers : throw Wrong($"has {numbers.Length} numbers; wanted {count}");
    }

    /// <summary>Whole numbers of a range in one list that has some.</summary>
    public int[] Integers(int least = int.MinValue, int most = int.MaxValue) => [.. Items.Select(item => item.Integer(least, most))];

    /// <summary>Bytes that are written in hexadecimal.</summary>
    public byte[] Bytes()
    {
        var text = Text();
        return text.Length > 0 && text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit)
            ? Convert.FromHexString(text)
            : throw Wrong($"is a text of {text.Length} characters; wanted bytes in hexadecimal, two digits each");
    }

    /// <summary>A number of many digits, which fixtures write as text.</summary>
    public ulong Seed() => ulong.TryParse(Text(), NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
        ? seed
        : throw Wrong("is not a decimal number of 64 bits; wanted one, as text");

    /// <summary>Takes a field as commentary: text for readers, with which nothing can be compared.</summary>
    public void Remark(string name) => Find(name)?.Text();

    /// <summary>What would be wrong at this place.</summary>
    public FixtureException Wrong(string problem) => new(Where, problem);

    /// <summary>The places of all that has not been read, but for a <c>note</c>, which is commentary anywhere; each place once.</summary>
    /// <remarks>What this has told is counted as read.</remarks>
    public IReadOnlyList<string> Unread()
    {
        string[] unread = [.. Unseen()];
        Close();
        return unread;
    }

    /// <summary>What is wrong with this node if there are fields that nobody has read; null where there are none.</summary>
    public string? Unknown() => Unread() is { Count: > 0 } unread
        ? $"{string.Join(", ", unread)}: not known here; wanted only what is compared, and comments called '{Note}'"
        : null;

    /// <summary>Counts all below this node as read: what becomes of it has been told.</summary>
    public void Close() => _isClosed = true;

    private string Kind => _json.ValueKind switch
    {
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        JsonValueKind.String => "text",
        JsonValueKind.Number => "a number",
        _ => _json.GetRawText(),
    };

    private IEnumerable<string> Unseen()
    {
        if (_isClosed) return [];
        return _json.ValueKind switch
        {
            JsonValueKind.Object => _json.EnumerateObject().SelectMany(field =>
                _fields.TryGetValue(field.Name, out var value) ? value.Unseen()
                : field.Name == Note && field.Value.ValueKind == JsonValueKind.String ? [] : [Below(field.Name)]),
            JsonValueKind.Array => _items is null ? [Where] : _items.SelectMany(item => item.Unseen()),
            _ => _isRead ? [] : [Where],
        };
    }

    private T Read<T>(T value)
    {
        _isRead = true;
        return value;
    }

    private string Below(string name) => Where.Length == 0 ? name : $"{Where}.{name}";

    /// <summary>What an entry of a list is called, in brackets.</summary>
    private static string NameOf(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object) return "";
        var name = Array.Find(s_names, name => item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String);
        return name is null ? "" : $" ({item.GetProperty(name).GetString()})";
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
