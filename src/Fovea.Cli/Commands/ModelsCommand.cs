using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Fovea.Cli.Output;
using Fovea.Models;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea models</c>: the catalogue.</summary>
internal static class ModelsCommand
{
    private static readonly Argument<string?> s_filter = new("TEXT") { Description = "Only names that contain this", Arity = ArgumentArity.ZeroOrOne };

    internal static Command Create() => new Command("models", "List the models of the catalogue").With(s_filter).Runs(Run);

    private static int Run(Invocation call)
    {
        var filter = call.Value(s_filter) ?? "";
        var rows = ModelCatalog.All.Where(row => row.Name.Contains(filter, StringComparison.OrdinalIgnoreCase)).ToList();
        if (rows.Count == 0)
            throw new UsageException($"no model has '{filter}' in its name{NearestName.Hint(filter, ModelCatalog.All.Select(row => row.Name))} ('fovea models' lists all {ModelCatalog.All.Count})");
        var table = new TextTable("model", "family", ">classes", ">image size", "paper", "licence of the reference");
        foreach (var row in rows)
            table.Row(row.Name, row.Family, row.Classes.ToString(CultureInfo.InvariantCulture), row.ImageSize.ToString(CultureInfo.InvariantCulture), row.Paper, row.Licence);
        call.Report.Table(table);
        call.Report.Object(json =>
        {
            json.WriteStartArray("models");
            foreach (var row in rows) Write(json, row);
            json.WriteEndArray();
        });
        return ExitCodes.Ok;
    }

    private static void Write(Utf8JsonWriter json, ModelRow row)
    {
        json.WriteStartObject();
        json.WriteString("name", row.Name);
        json.WriteString("family", row.Family);
        json.WriteNumber("classes", row.Classes);
        json.WriteNumber("image_size", row.ImageSize);
        json.WriteBoolean("free_form", row.IsFreeForm);
        json.WriteString("paper", row.Paper);
        json.WriteString("licence", row.Licence);
        json.WriteEndObject();
    }
}
