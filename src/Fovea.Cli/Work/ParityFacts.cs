using System.Globalization;
using System.Text.Json;
using Fovea.Cli.Output;
using Fovea.Formats.Artefact;
using Fovea.Training.Deploying;

namespace Fovea.Cli.Work;

/// <summary>How the comparison of two models is told.</summary>
internal static class ParityFacts
{
    /// <summary>A row for each folded block, and one for the logits.</summary>
    internal static TextTable Table(Proof proof)
    {
        var table = new TextTable("block", ">largest difference", ">relative error");
        foreach (var (path, difference) in proof.Blocks) table.Row(path, Text(difference.Largest), Text(difference.Relative));
        table.Row("logits", Text(proof.Logits.Largest), Text(proof.Logits.Relative));
        return table;
    }

    /// <summary>The members of an object.</summary>
    internal static void Write(Utf8JsonWriter json, ExportParity parity)
    {
        json.WriteString("backend", parity.Backend);
        json.WriteNumber("images", parity.Images);
        json.WriteNumber("tolerance", parity.Tolerance);
        JsonNumbers.Write(json, "largest_difference", parity.Logits.Largest);
        JsonNumbers.Write(json, "relative_error", parity.Logits.Relative);
        json.WriteNumber("changed_top1", parity.ChangedTop1);
    }

    /// <summary>A difference with two digits.</summary>
    internal static string Text(double number) => number.ToString("0.0E+0", CultureInfo.InvariantCulture);
}
