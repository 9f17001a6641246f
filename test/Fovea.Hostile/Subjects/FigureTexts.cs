using System.Text;
using Fovea.Data.Sources;
using Fovea.Tables;

namespace Fovea.Hostile.Subjects;

/// <summary>Figures as CSV: quotes, delimiters and line ends in odd places, names twice, rows of any length, numbers that are none.</summary>
public sealed class FigureTexts : Subject
{
    private static readonly RunFigures[] s_runs = [new() { Model = "a", Name = "b" }, new() { Model = "c", Name = "c", Top1 = 0.5 }];

    /// <inheritdoc/>
    public override string Name => "figures";

    /// <inheritdoc/>
    public override byte[] Make(Choices choices)
    {
        var text = new StringBuilder(choices.OneIn(10) ? choices.Of("\uFEFF", "\n", ",", "\"") : "");
        var columns = choices.Of(1, 2, 3, 3, 3, 2000);
        for (var row = choices.Of(0, 1, 2, 3, 400); row >= 0; row--)
        {
            for (var c = columns + (choices.OneIn(30) ? 1 : 0); c > 0; c--) text.Append(Cell(choices)).Append(c > 1 ? "," : "");
            text.Append(choices.OneIn(20) ? choices.Of("\r\n", "\r", "\n\n", "") : "\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <inheritdoc/>
    public override void Read(byte[] file)
    {
        var figures = FigureFile.Parse(Encoding.UTF8.GetString(file), "hostile.csv");
        foreach (var kind in RunTable.Kinds) kind.Of(s_runs, figures).Markdown();
        new ErrorTable().Checked(s_runs, figures).Csv();
    }

    /// <inheritdoc/>
    public override bool Refuses(Exception failure) => failure is TableException or DataException;

    private static string Cell(Choices choices) => choices.Below(6) switch
    {
        0 => choices.Of("a", "b", "c", "model", "top-1 err", "top-5 err", "top-1"),
        1 => $"\"{choices.Name("n")}\"",
        2 => choices.Of("", " ", "Failure", "\"", "\"\"", "\"a\"b", "|", "\t"),
        3 => choices.Of("1e400", "nan", "-inf", "0x10", "1_000", "9.9", "٣", new string('9', 400)),
        4 => choices.Name("x"),
        _ => choices.Number().ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}
