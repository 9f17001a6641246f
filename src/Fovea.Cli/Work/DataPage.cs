using Fovea.Cli.Pictures;

namespace Fovea.Cli.Work;

/// <summary>What is known of a data set as one HTML page that needs no other file.</summary>
internal static class DataPage
{
    private const int Whole = int.MaxValue;

    internal static string Write(DataFindings findings)
    {
        var page = new HtmlPage(findings.Data.Place).Paragraph(findings.Data.Kind).Lines(DataFindingsText.Lines(findings, Whole))
            .Picture("Images per class", DataPlots.Classes(findings.Statistics)).Picture("Resolutions", DataPlots.Resolutions(findings.Statistics));
        foreach (var (title, head, rows) in DataFindingsText.Tables(findings, Whole)) page.Table(title, head, rows);
        if ((findings.Duplicates?.Bad ?? findings.Statistics.Unreadable) is { Count: > 0 } bad)
            page.Table("Corrupt", ["image", "what is wrong"], bad.Select(image => (string[])[image.Key, image.Message]));
        return page.ToString();
    }
}
