using System.Globalization;
using Fovea.Tensors;

namespace Fovea.Graphs;

/// <summary>Collects the attributes of an operation as <c>name=text</c> pairs.</summary>
public sealed class AttributeWriter
{
    private readonly List<string> _pairs = [];

    /// <summary>Adds an integer.</summary>
    public void Add(string name, long number) => Add(name, number.ToString(CultureInfo.InvariantCulture));

    /// <summary>Adds an integer up to 2⁶⁴ − 1.</summary>
    public void Add(string name, ulong number) => Add(name, number.ToString(CultureInfo.InvariantCulture));

    /// <summary>Adds a number so that it reads back exactly.</summary>
    public void Add(string name, double number) => Add(name, number.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>Adds true or false.</summary>
    public void Add(string name, bool flag) => Add(name, flag ? "true" : "false");

    /// <summary>Adds integers, as in <c>stride=2x2</c>.</summary>
    public void Add(string name, params ReadOnlySpan<int> numbers) =>
        Add(name, string.Join('x', numbers.ToArray().Select(number => number.ToString(CultureInfo.InvariantCulture))));

    /// <summary>Adds a shape, as in <c>shape=1x64x56x56</c>; a scalar prints as <c>scalar</c>.</summary>
    public void Add(string name, Shape shape) => Add(name, shape.Rank == 0 ? "scalar" : string.Join('x', shape.ToArray()));

    /// <summary>Adds a word without blanks and braces.</summary>
    public void Add(string name, string word) => _pairs.Add($"{name}={word}");

    /// <summary>The pairs in braces, or nothing.</summary>
    public override string ToString() => _pairs.Count == 0 ? "" : $"{{{string.Join(' ', _pairs)}}}";
}

/// <summary>Gives an operation its attributes back.</summary>
public sealed class AttributeReader
{
    private readonly Dictionary<string, string> _pairs = new(StringComparer.Ordinal);
    private readonly string _op;
    private readonly GraphBudget _budget;

    /// <summary>Reads the text between the braces.</summary>
    /// <param name="op">The name of the operation.</param>
    /// <param name="text">The pairs.</param>
    /// <param name="budget">What the attributes may describe; if null that of a graph by itself.</param>
    /// <exception cref="GraphException">A pair has no equals sign or comes twice.</exception>
    public AttributeReader(string op, string text, GraphBudget? budget = null)
    {
        (_op, _budget) = (op, budget ?? new GraphBudget(GraphLimits.Default));
        foreach (var pair in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1 || !_pairs.TryAdd(pair[..equals], pair[(equals + 1)..])) throw new GraphException($"{op}: cannot read the attribute '{pair}'");
        }
    }

    /// <summary>Counts the elements of a tensor that the attributes describe, before it is made.</summary>
    /// <exception cref="GraphException">They are too many.</exception>
    public void Describe(Shape shape) => _budget.TakeDescribed(shape.Elements);

    /// <summary>Whether the operation has an attribute of that name.</summary>
    public bool Has(string name) => _pairs.ContainsKey(name);

    /// <summary>The word of that name.</summary>
    /// <exception cref="GraphException">There is none.</exception>
    public string Word(string name) => _pairs.TryGetValue(name, out var text) ? text : throw new GraphException($"{_op}: the attribute '{name}' is missing");

    /// <summary>The integer of that name.</summary>
    public int Integer(string name) => int.TryParse(Word(name), CultureInfo.InvariantCulture, out var n) ? n : throw Bad(name, "an integer");

    /// <summary>The integer of that name, up to 2⁶⁴ − 1.</summary>
    public ulong Unsigned(string name) => ulong.TryParse(Word(name), CultureInfo.InvariantCulture, out var n) ? n : throw Bad(name, "an integer from 0");

    /// <summary>The number of that name.</summary>
    public double Number(string name) => double.TryParse(Word(name), CultureInfo.InvariantCulture, out var x) ? x : throw Bad(name, "a number");

    /// <summary>The flag of that name.</summary>
    public bool Flag(string name) => bool.TryParse(Word(name), out var flag) ? flag : throw Bad(name, "true or false");

    /// <summary>The integers of that name.</summary>
    public int[] Integers(string name)
    {
        var words = Word(name).Split('x', StringSplitOptions.RemoveEmptyEntries);
        var numbers = new int[words.Length];
        for (var i = 0; i < words.Length; i++)
            if (!int.TryParse(words[i], CultureInfo.InvariantCulture, out numbers[i])) throw Bad(name, "integers with x between them");
        return numbers;
    }

    /// <summary>The shape of that name.</summary>
    public Shape Shape(string name)
    {
        if (Word(name) == "scalar") return Tensors.Shape.Scalar;
        try
        {
            return new Shape(Integers(name));
        }
        catch (ShapeException e)
        {
            throw new GraphException($"{_op}: {name}: {e.Message}");
        }
    }

    /// <summary>The element type of that name.</summary>
    public DType DType(string name)
    {
        try
        {
            return DTypes.Parse(Word(name));
        }
        catch (FormatException e)
        {
            throw new GraphException($"{_op}: {name}: {e.Message}");
        }
    }

    private GraphException Bad(string name, string wanted) => new($"{_op}: the attribute {name}={Word(name)} is not {wanted}");
}
