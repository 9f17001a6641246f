using System.Text.Json;
using Fovea.Import;
using Fovea.Import.Foreign;
using Fovea.Naming;

namespace Fovea.Cli.Foreign;

/// <summary>What became of a foreign file, for people and for programs.</summary>
internal static class ImportText
{
    /// <summary>A line for each key, and how many there are of each outcome.</summary>
    internal static IEnumerable<string> Lines(ImportedRecipe imported)
    {
        var note = imported.System.Note.Length > 0 ? $": {imported.System.Note}" : "";
        yield return $"a configuration of {imported.System.Name} ({imported.System.Address}){note}";
        foreach (var line in imported.Lines) yield return $"  {Line(line)}";
        yield return Counts(imported);
    }

    /// <summary>The keys that ask for what cannot be done, and defaults of the system that do.</summary>
    internal static IReadOnlyList<ImportLine> Impossible(ImportedRecipe imported) =>
        [.. imported.Lines.Where(line => line.Outcome == ImportOutcome.Impossible)];

    /// <summary>One key, as <c>line 12: lr: 0.05 -> optimizer.learning_rate=0.05</c>.</summary>
    internal static string Line(ImportLine line)
    {
        var place = line.Place.Length > 0 && char.IsAsciiDigit(line.Place[0]) ? $"line {line.Place}" : line.Place;
        var key = line.Value.Length > 0 ? $"{line.Key}: {line.Value}" : line.Key;
        return Printable.Line($"{place}: {key} {Sign(line.Outcome)} {line.Text}");
    }

    internal static void Write(Utf8JsonWriter json, ImportedRecipe imported)
    {
        json.WriteString("system", imported.System.Name);
        json.WriteString("recipe", imported.Recipe is null ? null : imported.Text);
        json.WriteStartArray("refused");
        foreach (var refusal in imported.Refusals) json.WriteStringValue(refusal);
        json.WriteEndArray();
        json.WriteStartArray("keys");
        foreach (var line in imported.Lines)
        {
            json.WriteStartObject();
            json.WriteString("key", line.Key);
            json.WriteString("place", line.Place);
            json.WriteString("value", line.Value);
            json.WriteString("outcome", line.Outcome.ToString().ToLowerInvariant());
            json.WriteString("text", line.Text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Sign(ImportOutcome outcome) => outcome switch
    {
        ImportOutcome.Translated => "->",
        ImportOutcome.Meaningless => "has no meaning here:",
        _ => "CANNOT BE DONE:",
    };

    private static string Counts(ImportedRecipe imported)
    {
        int Of(ImportOutcome outcome) => imported.Lines.Count(line => !line.IsDefault && line.Outcome == outcome);
        return $"{Amount.Of(imported.Lines.Count(line => !line.IsDefault), "key")}: {Of(ImportOutcome.Translated)} translated, "
            + $"{Of(ImportOutcome.Meaningless)} without meaning here, {Of(ImportOutcome.Impossible)} that cannot be done{Defaults(imported)}";
    }

    /// <summary>How many of what the file leaves out cannot be done; nothing for none.</summary>
    private static string Defaults(ImportedRecipe imported)
    {
        var count = Impossible(imported).Count(line => line.IsDefault);
        return count > 0 ? $"; and {Amount.Of(count, "default")} of {imported.System.Name} that cannot be done" : "";
    }
}
