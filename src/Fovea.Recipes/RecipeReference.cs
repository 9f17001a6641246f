using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Fovea.Data.Batching;
using Fovea.Images;
using Fovea.Options;
using Fovea.Training.Recipes;

namespace Fovea.Recipes;

/// <summary>Writes what a recipe may hold, in Markdown, from the option records and their documentation comments.</summary>
public sealed partial class RecipeReference
{
    private const string Introduction = """
        # Recipes

        A recipe is a YAML file of the sections below; what it leaves out keeps its default. An unknown key, a key that stands twice and a value of
        the wrong kind are errors with line and column. `fovea train … --set SECTION.KEY=VALUE` replaces one value, and `fovea recipe show FILE`
        prints what results. Shares are fractions, 0–1. This page is printed by `fovea recipe keys`.

        """;

    private readonly Dictionary<string, XElement> _comments;
    private readonly StringBuilder _text = new();

    private RecipeReference(IEnumerable<XDocument> comments) => _comments = comments.SelectMany(document => document.Descendants("member"))
        .ToDictionary(member => (string)member.Attribute("name")!, member => member, StringComparer.Ordinal);

    /// <exception cref="IOException">A documentation file is not beside the tool.</exception>
    /// <summary>The page.</summary>
    public static string Write()
    {
        Type[] documented = [typeof(TrainRecipe), typeof(BadImagePolicy), typeof(Interpolation)];
        var reference = new RecipeReference(documented.Select(type => XDocument.Load(Path.ChangeExtension(type.Assembly.Location, ".xml"))));
        reference.Page();
        return reference._text.ToString();
    }

    private void Page()
    {
        _text.Append(Introduction);
        var defaults = new TrainRecipe();
        foreach (var key in RecipeSchema.Keys(typeof(TrainRecipe)))
        {
            _text.Append(CultureInfo.InvariantCulture, $"\n## {key.Key}\n\n{Comment($"P:{typeof(TrainRecipe).FullName}.{key.Property.Name}")}\n");
            var kinds = RecipeSchema.Kinds(key.Type);
            if (kinds.Count == 0) Table(key.Property.GetValue(defaults)!);
            foreach (var (kind, section) in kinds)
            {
                _text.Append(CultureInfo.InvariantCulture, $"\n### kind: {kind}\n\n{Comment($"T:{section.GetType().FullName}")}\n");
                Table(section);
            }
        }
    }

    private void Table(object section)
    {
        var keys = RecipeSchema.Keys(section.GetType());
        if (keys.Count == 0) return;
        _text.Append("\n| key | default | meaning |\n|---|---|---|\n");
        foreach (var key in keys)
            _text.Append(CultureInfo.InvariantCulture, $"| `{key.Key}` | `{RecipeWriter.Value(key.Property.GetValue(section))}` | {Meaning(key)} |\n");
    }

    private string Meaning(RecipeKey key)
    {
        var meaning = Comment($"P:{key.Property.DeclaringType!.FullName}.{key.Property.Name}");
        var type = Nullable.GetUnderlyingType(key.Type) ?? key.Type;
        if (!type.IsEnum) return meaning;
        var names = Enum.GetValues(type).Cast<object>().Select(name => $"`{RecipeSchema.EnumName(name)}`: {Comment($"F:{type.FullName}.{name}")}");
        return $"{meaning} {string.Join(' ', names)}";
    }

    private string Comment(string member)
    {
        var summary = _comments.GetValueOrDefault(member)?.Element("summary") ?? throw new InvalidDataException($"{member} has no documentation comment");
        return Blanks().Replace(string.Concat(summary.Nodes().Select(Text)), " ").Trim().Replace("|", "\\|", StringComparison.Ordinal);
    }

    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "see" } see => $"`{Reference((string?)see.Attribute("cref") ?? (string?)see.Attribute("langword") ?? "")}`",
        XElement element => string.Concat(element.Nodes().Select(Text)),
        _ => "",
    };

    /// <summary>A property by its key, a kind by its name.</summary>
    private static string Reference(string target)
    {
        var name = target[(target.LastIndexOf('.') + 1)..];
        if (target.StartsWith("P:", StringComparison.Ordinal)) return OptionNames.SnakeCase(name);
        return typeof(TrainRecipe).Assembly.GetType(target[2..]) is { IsAbstract: false } type && Activator.CreateInstance(type) is { } option
            ? RecipeSchema.KindOf(option) ?? name
            : name;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
