using System.Net;
using System.Text;
using Fovea.Naming;

namespace Fovea.Cli.Work;

/// <summary>An HTML page that needs no other file.</summary>
internal sealed class HtmlPage
{
    private const string Style =
        "body{font:15px/1.5 system-ui,sans-serif;max-width:1150px;margin:2em auto;padding:0 1em;color:#222}"
        + "table{border-collapse:collapse;margin:1em 0}td,th{padding:.15em .8em;border-bottom:1px solid #ddd;text-align:left;overflow-wrap:anywhere}"
        + ".n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}.c{text-align:center}img{max-width:100%}pre{white-space:pre-wrap}";

    private readonly StringBuilder _page = new();

    internal HtmlPage(string title) => _page.Append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>").Append(Text(title))
        .Append("</title><style>").Append(Style).Append("</style></head><body>\n<h1>").Append(Text(title)).Append("</h1>\n");

    internal HtmlPage Paragraph(string text)
    {
        _page.Append("<p>").Append(Text(text)).Append("</p>\n");
        return this;
    }

    internal HtmlPage Lines(IEnumerable<string> lines)
    {
        _page.Append("<pre>");
        foreach (var line in lines) _page.Append(Text(line)).Append('\n');
        _page.Append("</pre>\n");
        return this;
    }

    internal HtmlPage Picture(string title, byte[] png)
    {
        _page.Append("<p><img alt=\"").Append(title).Append("\" src=\"data:image/png;base64,").Append(Convert.ToBase64String(png)).Append("\"></p>\n");
        return this;
    }

    /// <param name="title">What stands above it; empty for nothing.</param>
    /// <param name="head">The names of the columns; one that begins with <c>&gt;</c> is aligned to the right, with <c>^</c> to the middle.</param>
    /// <param name="rows">The cells.</param>
    internal HtmlPage Table(string title, IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows)
    {
        var classes = head.Select(name => name.StartsWith('>') ? " class=\"n\"" : name.StartsWith('^') ? " class=\"c\"" : "").ToArray();
        if (title.Length > 0) _page.Append("<h2>").Append(Text(title)).Append("</h2>\n");
        _page.Append("<table>");
        Row("th", [.. head.Select(name => name.TrimStart('>', '^'))], classes);
        foreach (var row in rows) Row("td", row, classes);
        _page.Append("</table>\n");
        return this;
    }

    public override string ToString() => $"{_page}</body></html>\n";

    private void Row(string tag, IReadOnlyList<string> cells, string[] classes)
    {
        _page.Append("<tr>");
        for (var c = 0; c < cells.Count; c++)
            _page.Append('<').Append(tag).Append(classes[c]).Append('>').Append(Text(cells[c])).Append("</").Append(tag).Append('>');
        _page.Append("</tr>\n");
    }

    private static string Text(string text) => WebUtility.HtmlEncode(Printable.Line(text));
}
