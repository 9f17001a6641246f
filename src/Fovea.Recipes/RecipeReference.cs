using System.Globalization;
using System.Reflection;
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
        the wrong kind are errors with line and column. Where there are kinds, the key `kind` says which; without it the default one is meant, and the
        name alone, `optimizer: adamw`, stands for a kind with its defaults. `fovea train … --set SECTION.KEY=VALUE` replaces one value (of a list:
        `KEY[0].KEY=VALUE` in its first item, `KEY[+]=VALUE` for one more), and `fovea recipe show FILE` prints what results. Such a value has no
        comments: a text with a `#` is taken as it stands. Where it replaces a `kind`, the new one has its defaults: of what the file says there, only
        options that all kinds have stay. Shares are fractions, 0–1.
        Names of tensors and modules may hold `*` and `?`; in YAML a word that begins with `*` wants quotes, `no_decay: ["*.bias"]`.
        Names that mean nothing of the model, and lists for other classes than those of the data, are refused before an image is opened.
        Paths in a recipe are taken from the folder in which it is used, as those on the command line are.
        Programs load, change and save recipes ([programs.md](programs.md)) and add kinds of their own ([extending.md](extending.md)).
        This page is printed by `fovea recipe keys`.

        """;

    private readonly IReadOnlyList<Assembly> _documented;
    private readonly Dictionary<string, XElement> _comments;
    private readonly HashSet<Type> _described = [];
    private readonly StringBuilder _text = new();

    private RecipeReference(IReadOnlyList<Assembly> documented)
    {
        _documented = documented;
        _comments = documented.Select(assembly => XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")))
            .SelectMany(document => document.Descendants("member"))
            .DistinctBy(member => (string)member.Attribute("name")!)
            .ToDictionary(member => (string)member.Attribute("name")!, member => member, StringComparer.Ordinal);
    }

    /// <exception cref="IOException">A documentation file is not beside the tool.</exception>
    /// <summary>The page.</summary>
    public static string Write()
    {
        var reference = new RecipeReference([typeof(TrainRecipe).Assembly, typeof(BadImagePolicy).Assembly, typeof(Interpolation).Assembly]);
        reference.Page();
        return reference._text.ToString();
    }

    private void Page()
    {
        _text.Append(Introduction);
        var defaults = new TrainRecipe();
        foreach (var key in RecipeSchema.Keys(typeof(TrainRecipe)))
        {
            Heading("##", key.Key, Comment($"P:{typeof(TrainRecipe).FullName}.{key.Property.Name}"));
            Section(key.Type, key.Property.GetValue(defaults), key.Key, "###");
        }
    }

    /// <summary>The keys of a section, or those that its alternatives share and of each its own; then the sections below it, each type once.</summary>
    private void Section(Type type, object? defaults, string path, string heading)
    {
        if (!_described.Add(type)) return;
        var alternatives = RecipeKinds.Default.Of(type);
        if (alternatives.Count == 0)
        {
            defaults ??= Activator.CreateInstance(type)!;
            Table(defaults, RecipeSchema.Keys(defaults.GetType()), path, heading);
            return;
        }

        var shared = RecipeSchema.Keys(type);
        if (shared.Count > 0) _text.Append("\nEvery kind has these keys; where its own table names one again, its default is another.\n");
        Table(alternatives[0], shared, path, heading);
        foreach (var alternative in alternatives)
        {
            Heading(heading, $"kind: {alternative.Kind}", Comment($"T:{alternative.GetType().FullName}"));
            bool IsOwn(RecipeKey key) =>
                key.Property.DeclaringType != type || Default(key.Property.GetValue(alternative)) != Default(key.Property.GetValue(alternatives[0]));
            Table(alternative, [.. RecipeSchema.Keys(alternative.GetType()).Where(IsOwn)], path, heading + "#");
        }
    }

    private void Heading(string level, string title, string text) => _text.Append(CultureInfo.InvariantCulture, $"\n{level} {title}\n\n{text}\n");

    private void Table(object section, IReadOnlyList<RecipeKey> keys, string path, string heading)
    {
        if (keys.Count == 0) return;
        _text.Append("\n| key | default | meaning |\n|---|---|---|\n");
        foreach (var key in keys)
            _text.Append(CultureInfo.InvariantCulture, $"| `{key.Key}` | `{Default(key.Property.GetValue(section))}` | {Meaning(key)} |\n");
        foreach (var key in keys.Where(key => key.Section is not null && !_described.Contains(key.Section)))
        {
            var below = key.Section == key.Type ? $"{path}.{key.Key}" : $"{path}.{key.Key}[]";
            Heading(heading, below, Comment($"T:{key.Section!.FullName}"));
            Section(key.Section, key.Section == key.Type ? key.Property.GetValue(section) : null, below, heading + "#");
        }
    }

    /// <summary>A default as it would be written; sections that are as they come by their names alone.</summary>
    private static string Default(object? value) => value switch
    {
        IAlternative alternative when alternative.Equals(Activator.CreateInstance(alternative.GetType())) => alternative.Kind,
        IOptions and not IAlternative => "{…}",
        IEnumerable<IOptions> list => $"[{string.Join(", ", list.Select(Default))}]",
        _ => RecipeWriter.Value(value),
    };

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

    private string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "see" } see => $"`{Reference((string?)see.Attribute("cref") ?? (string?)see.Attribute("langword") ?? "")}`",
        XElement element => string.Concat(element.Nodes().Select(Text)),
        _ => "",
    };

    /// <summary>A property by its key, a kind by its name.</summary>
    private string Reference(string target)
    {
        var name = target[(target.LastIndexOf('.') + 1)..];
        if (target.StartsWith("P:", StringComparison.Ordinal)) return OptionNames.SnakeCase(name);
        var type = _documented.Select(assembly => assembly.GetType(target[2..])).FirstOrDefault(type => type is not null);
        return type is { IsAbstract: false } && type.IsAssignableTo(typeof(IAlternative)) ? ((IAlternative)Activator.CreateInstance(type)!).Kind : name;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
