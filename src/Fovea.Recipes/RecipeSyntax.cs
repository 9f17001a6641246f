using Fovea.Naming;
using Fovea.Training.Recipes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using Comment = YamlDotNet.Core.Tokens.Comment;

namespace Fovea.Recipes;

/// <summary>
/// Reads YAML into <see cref="RecipeNode"/>s. Of YAML, recipes use maps, lists and scalars; anchors, tags, several documents and deep nesting are refused.
/// </summary>
internal sealed class RecipeSyntax
{
    private const int MostNested = 16;
    private const int MostNodes = 100_000;
    private const int LongestShown = 80;

    private readonly Parser _parser;
    private readonly Func<Mark, string> _place;

    /// <summary>What has been read under names; null where names are refused.</summary>
    private readonly Dictionary<string, (RecipeNode Node, int Size)>? _anchors;

    private int _depth;
    private int _nodes;

    private RecipeSyntax(string text, Func<Mark, string> place, bool anchors)
    {
        (_parser, _place) = (new(new StringReader(text)), place);
        if (anchors) _anchors = new(StringComparer.Ordinal);
    }

    /// <summary>The content of a file; an empty one is an empty map.</summary>
    /// <param name="text">The text.</param>
    /// <param name="file">Its name in messages.</param>
    /// <param name="anchors">Whether a value may have a name, and stand in other places by it, as files of other systems do; default false.</param>
    /// <exception cref="RecipeException">The text is no YAML, or no map.</exception>
    internal static RecipeMap Document(string text, string file, bool anchors = false)
    {
        var node = Read(text, mark => $"{file}:{mark.Line}:{mark.Column}", anchors);
        return node switch
        {
            RecipeMap map => map,
            RecipeScalar { IsNull: true } => new(file),
            _ => throw new RecipeException($"{node.Place}: a recipe is a map of sections; wanted lines such as 'model:' and below it '  name: resnet18'"),
        };
    }

    /// <summary>One value, as after a key, but without comments: a word with a <c>#</c> in it is that word.</summary>
    /// <exception cref="RecipeException">The text is no YAML, or holds what would be a comment behind a list, a map or quotes.</exception>
    internal static RecipeNode Value(string text, string place)
    {
        var node = Read(text, _ => place);
        if (!HoldsComment(text)) return node;
        return node is RecipeScalar { IsPlain: true }
            ? new RecipeScalar(place, text.Trim(), IsPlain: true)
            : throw new RecipeException($"{place}: a # behind a blank begins a comment by the rules of YAML; wanted words with it in quotes, or none");
    }

    private static bool HoldsComment(string text)
    {
        if (!text.Contains('#', StringComparison.Ordinal)) return false;
        var scanner = new Scanner(new StringReader(text), skipComments: false);
        while (scanner.MoveNext())
            if (scanner.Current is Comment) return true;
        return false;
    }

    private static RecipeNode Read(string text, Func<Mark, string> place, bool anchors = false)
    {
        var syntax = new RecipeSyntax(text, place, anchors);
        try
        {
            return syntax.Stream();
        }
        catch (YamlException e) when (WordAt(text, e.Start) is ['*', ..] alias)
        {
            throw IsAlias(place(e.Start), alias[1..]);
        }
        catch (YamlException e)
        {
            throw new RecipeException($"{place(e.Start)}: this is no YAML: {Reason(e)}", e);
        }
        catch (InvalidOperationException e)
        {
            // YamlDotNet 16.3 fails so, without a position, where a plain word in braces runs into a colon.
            throw new RecipeException(
                $"{place(syntax._parser.Current?.End ?? Mark.Empty)}: this is no YAML from here on; wanted 'key: value' lines, or {{key: value, …}}", e);
        }
    }

    /// <summary>The message without the position that YamlDotNet puts in front.</summary>
    private static string Reason(YamlException e)
    {
        var reason = (e.InnerException ?? e).Message;
        var end = reason.StartsWith('(') ? reason.IndexOf("): ", StringComparison.Ordinal) : -1;
        return (end < 0 ? reason : reason[(end + 3)..]).TrimEnd('.');
    }

    private RecipeNode Stream()
    {
        _parser.Consume<StreamStart>();
        if (_parser.TryConsume<StreamEnd>(out _)) return new RecipeScalar(_place(Mark.Empty), "", IsPlain: true);
        _parser.Consume<DocumentStart>();
        var node = Node();
        _parser.Consume<DocumentEnd>();
        return _parser.TryConsume<DocumentStart>(out var second) ? throw Refuse(second, "a second document", "one document") : node;
    }

    private RecipeNode Node()
    {
        if (_depth > MostNested)
            throw Refuse(_parser.Current!, $"a value more than {MostNested} levels deep", "sections with keys and values, and lists of values");
        _depth++;
        var node = _anchors is null ? Content() : Named(_anchors);
        _depth--;
        return node;
    }

    /// <summary>A value that may have a name, or stand here by one; what names make of a text is bounded.</summary>
    private RecipeNode Named(Dictionary<string, (RecipeNode Node, int Size)> anchors)
    {
        var before = _nodes;
        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            var name = alias.Value.Value;
            if (!anchors.TryGetValue(name, out var named)) throw Refuse(alias, $"*{Shown(name)}, which nothing before it is called", $"&{Shown(name)} before it");
            if ((_nodes += named.Size) > MostNodes) throw Refuse(alias, $"names that make more than {MostNodes} values of the text", "fewer");
            return named.Node;
        }

        var anchor = _parser.Current is NodeEvent { Anchor: { IsEmpty: false } found } ? found.Value : null;
        _nodes++;
        var node = Content();
        if (anchor is not null) anchors[anchor] = (node, _nodes - before);
        return node;
    }

    private RecipeNode Content()
    {
        if (_parser.TryConsume<AnchorAlias>(out var alias)) throw IsAlias(_place(alias.Start), alias.Value.Value);
        if (_anchors is null && _parser.Current is NodeEvent { Anchor.IsEmpty: false } anchored)
            throw Refuse(anchored, $"an anchor, &{Shown(anchored.Anchor.Value)}", "the value alone");
        if (_parser.Current is NodeEvent { Tag: { IsEmpty: false, IsNonSpecific: false } } tagged)
            throw Refuse(tagged, $"a tag, {Shown(tagged.Tag.Value)}", "the value alone");
        if (_parser.TryConsume<Scalar>(out var scalar)) return new RecipeScalar(_place(scalar.Start), scalar.Value, scalar.Style == ScalarStyle.Plain);
        return _parser.TryConsume<SequenceStart>(out var list) ? List(list) : Map(_parser.Consume<MappingStart>());
    }

    private RecipeList List(SequenceStart start)
    {
        var items = new List<RecipeNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _)) items.Add(Node());
        return new(_place(start.Start), items);
    }

    private RecipeMap Map(MappingStart start)
    {
        var map = new RecipeMap(_place(start.Start));
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            if (!_parser.TryConsume<Scalar>(out var key)) throw Refuse(_parser.Current!, "a key that is no word", "a word");
            if (map.Find(key.Value) is { } first)
                throw Refuse(key, $"a second '{Shown(key.Value)}' (the first: {first.Place})", "each key once");
            map.Set(new(_place(key.Start), key.Value, Node()));
        }

        return map;
    }

    /// <summary>What stands at a place, to the next blank or bracket.</summary>
    private static string WordAt(string text, Mark at) => string.Concat(
        text.Skip((int)Math.Min(at.Index, text.Length)).TakeWhile(letter => !char.IsWhiteSpace(letter) && letter is not (',' or ']' or '}')));

    private static RecipeException IsAlias(string place, string name) =>
        new($"{place}: *{Shown(name)} without quotes is an alias by the rules of YAML; wanted \"*{Shown(name)}\" in quotes, or the value itself");

    private static string Shown(string? text) => Printable.Line(text ?? "", LongestShown);

    private RecipeException Refuse(ParsingEvent at, string what, string wanted) => new($"{_place(at.Start)}: {what}; wanted {wanted}");
}
