using System.Net;
using System.Text;
using Fovea.Naming;

namespace Fovea.Cli.Work;

/// <summary>What is known of a data set as one HTML page that needs no other file.</summary>
internal static class DataPage
{
    private const string Style =
        "body{font:15px/1.5 system-ui,sans-serif;max-width:1000px;margin:2em auto;padding:0 1em;color:#222}"
        + "table{border-collapse:collapse;margin:1em 0}td,th{padding:.15em .8em;border-bottom:1px solid #ddd;text-align:left}"
        + ".n{text-align:right;font-variant-numeric:tabular-nums}img{max-width:100%}pre{white-space:pre-wrap}";

    internal static string Write(DataFindings findings)
    {
        var page = new StringBuilder();
        page.Append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>").Append(Text(findings.Data.Place))
            .Append("</title><style>").Append(Style).Append("</style></head><body>\n<h1>").Append(Text(findings.Data.Place)).Append("</h1>\n<p>")
            .Append(Text(findings.Data.Kind)).Append("</p>\n<pre>");
        foreach (var line in DataFindingsText.Lines(findings)) page.Append(Text(line)).Append('\n');
        page.Append("</pre>\n");
        Picture(page, "Images per class", DataPlots.Classes(findings.Statistics));
        Picture(page, "Resolutions", DataPlots.Resolutions(findings.Statistics));
        foreach (var (title, head, rows) in DataFindingsText.Tables(findings)) Table(page, title, head, rows);
        if ((findings.Duplicates?.Bad ?? findings.Statistics.Unreadable) is { Count: > 0 } bad)
            Table(page, "Corrupt", ["image", "what is wrong"], [.. bad.Select(image => (string[])[image.Key, image.Message])]);
        return page.Append("</body></html>\n").ToString();
    }

    private static void Picture(StringBuilder page, string title, byte[] png) =>
        page.Append("<p><img alt=\"").Append(title).Append("\" src=\"data:image/png;base64,").Append(Convert.ToBase64String(png)).Append("\"></p>\n");

    private static void Table(StringBuilder page, string title, string[] head, IReadOnlyList<string[]> rows)
    {
        var classes = Array.ConvertAll(head, name => name.StartsWith('>') ? " class=\"n\"" : "");
        page.Append("<h2>").Append(title).Append("</h2>\n<table><tr>");
        for (var c = 0; c < head.Length; c++) page.Append("<th").Append(classes[c]).Append('>').Append(Text(head[c].TrimStart('>'))).Append("</th>");
        page.Append("</tr>\n");
        foreach (var row in rows)
        {
            page.Append("<tr>");
            for (var c = 0; c < row.Length; c++) page.Append("<td").Append(classes[c]).Append('>').Append(Text(row[c])).Append("</td>");
            page.Append("</tr>\n");
        }

        page.Append("</table>\n");
    }

    private static string Text(string text) => WebUtility.HtmlEncode(Printable.Line(text));
}
