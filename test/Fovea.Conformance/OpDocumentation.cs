using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Fovea.Graphs;

namespace Fovea.Conformance;

/// <summary>Writes <c>docs/ops.md</c>: every operation with the names of its attributes and its documentation.</summary>
public static partial class OpDocumentation
{
    private const string Heading = """
        # Operations

        Generated from the types in `src/Fovea.Core/Ops` and their documentation; a test compares. An operation is named as in printed
        graphs. Shapes are logical: images [N, C, H, W], weights [K, C/groups, R, S]. The results have the element type of the first input
        unless the text says otherwise.


        """;

    /// <summary>The text.</summary>
    /// <param name="documentation">The XML documentation file of Fovea.Core.</param>
    public static string Write(XDocument documentation)
    {
        var members = documentation.Descendants("member").ToDictionary(member => member.Attribute("name")!.Value, StringComparer.Ordinal);
        var text = new StringBuilder(Heading);
        foreach (var type in Completeness.OpTypes.Where(type => type != typeof(Variable))) Section(text, type, members[$"T:{type.FullName}"]);
        return text.ToString();
    }

    private static void Section(StringBuilder text, Type type, XElement member)
    {
        OpCase[] cases = [.. OpCatalogue.All.Where(@case => @case.Op.GetType() == type)];
        var names = cases.Select(@case => @case.Op.Name).Distinct().Order(StringComparer.Ordinal);
        text.Append($"## {type.Name}\n\n{string.Join(", ", names.Select(name => $"`{name}`"))}\n\n{Plain(member.Element("summary"))}\n\n");
        if (member.Element("remarks") is { } remarks) text.Append($"{Plain(remarks)}\n\n");
        XElement[] parameters = [.. member.Elements("param")];
        foreach (var parameter in parameters) text.Append($"- `{parameter.Attribute("name")!.Value}`: {Plain(parameter)}\n");
        if (parameters.Length > 0) text.Append('\n');
        text.Append(cases[0].NotDifferentiable is { } reason ? $"No gradient: {reason}.\n\n" : "");
    }

    /// <summary>The words of documentation, with references as code.</summary>
    private static string Plain(XElement? element)
    {
        if (element is null) return "";
        var text = string.Concat(element.Nodes().Select(node => node switch
        {
            XText words => words.Value,
            XElement { Name.LocalName: "see" or "paramref" } reference => $"`{Last((reference.FirstAttribute!).Value)}`",
            XElement code => $"`{code.Value}`",
            _ => "",
        }));
        return Blanks().Replace(text, " ").Trim();
    }

    private static string Last(string reference) => reference.Split('(')[0].Split('.')[^1];

    [GeneratedRegex("\\s+")]
    private static partial Regex Blanks();
}
