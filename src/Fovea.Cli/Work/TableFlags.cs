using System.CommandLine;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Fovea.Cli.Usage;
using Fovea.Formats;
using Fovea.Naming;
using Fovea.Paths;
using Fovea.Tables;

namespace Fovea.Cli.Work;

/// <summary>In which form a table comes, and where to.</summary>
internal static class TableFlags
{
    private static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true };

    private static readonly Option<string> s_format = Choice.Of("--format", "The form of the table", "markdown", "csv", "json");

    private static readonly Option<string?> s_out = new("--out", "-o") { Description = "The file to write, in place of standard output", HelpName = "FILE" };

    private static readonly Dictionary<string, Func<ReportTable, string>> s_forms = new(StringComparer.Ordinal)
    {
        ["markdown"] = table => table.Markdown(), ["csv"] = table => table.Csv(), ["json"] = Json,
    };

    internal static Option[] All => [s_format, s_out];

    /// <summary>Refuses, before the work begins, a place where the table cannot be written.</summary>
    internal static void Check(Invocation call)
    {
        if (call.Value(s_out) is not { } path) return;
        if (Directory.Exists(path)) throw new UsageException($"--out {Printable.Of(path)}: is a folder; wanted the path of a file");
        FileKind.CheckTextName(path);
        if (PathProblem.OfParent(path) is { } problem) throw new UsageException($"--out {Printable.Of(path)}: {problem}");
    }

    /// <summary>Prints or writes a table.</summary>
    internal static int Write(Invocation call, ReportTable table)
    {
        var text = s_forms[call.Value(s_format)!](table);
        if (call.Value(s_out) is { } path)
        {
            AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
            call.Report.Line(Printable.Of(path));
        }
        else
        {
            call.Report.Text(text);
        }

        call.Report.Object(table.Write);
        return ExitCodes.Ok;
    }

    private static string Json(ReportTable table)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, s_json))
        {
            json.WriteStartObject();
            table.Write(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }
}
