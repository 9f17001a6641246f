using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Fovea.Naming;
using Spectre.Console;

namespace Fovea.Cli.Output;

/// <summary>What one command tells: its result on standard output, as text or as one JSON object, and everything else on standard error.</summary>
internal sealed class Report(Terminal terminal, bool json)
{
    private bool _hasObject;
    private bool _hasResult;
    private bool _hasToldLoss;

    /// <summary>Whether the result is one JSON object (<c>--json</c>).</summary>
    internal bool Json { get; } = json;

    internal Terminal Terminal { get; } = terminal;

    /// <summary>Where the course of the work is told: standard output for people, standard error beside JSON.</summary>
    internal TextWriter LogWriter => Json ? Terminal.Error : Terminal.Out;

    /// <summary>Whether a person sees the log as it is written.</summary>
    internal bool LogIsTerminal => Json ? Terminal.ErrorIsTerminal : Terminal.OutIsTerminal;

    /// <summary>Why the result did not reach standard output; null where it did, or where there was none.</summary>
    internal string? Lost => _hasResult ? Terminal.OutProblem : null;

    /// <summary>A line about the course of the work; where it cannot be written, that is said once, on standard error, and the work goes on.</summary>
    internal void Log(string line)
    {
        if (IsHushed) return;
        LogWriter.WriteLine(Printable.Lines(line));
        if (_hasToldLoss || Terminal.OutProblem is not { } problem) return;
        _hasToldLoss = true;
        Warning($"standard output cannot be written: {problem}; the work goes on");
    }

    /// <summary>A line about the course of the work in which nothing is from outside: tabs and the like stay as they are.</summary>
    internal void RawLog(string line)
    {
        if (!IsHushed) LogWriter.WriteLine(line);
    }

    /// <summary>Whether what <see cref="Log"/> is given goes nowhere at present.</summary>
    internal bool IsHushed { get; private set; }

    /// <summary>Does work whose course is not told: what <see cref="Log"/> is given goes nowhere meanwhile, warnings are told as ever.</summary>
    internal T Hushed<T>(Func<T> work)
    {
        IsHushed = true;
        try
        {
            return work();
        }
        finally
        {
            IsHushed = false;
        }
    }

    /// <summary>A line of the result for people; nothing with <c>--json</c>.</summary>
    internal void Line(string line = "")
    {
        if (!Json) Result().WriteLine(Printable.Lines(line));
    }

    /// <summary>Lines of the result for people, as they are; nothing with <c>--json</c>.</summary>
    internal void Text(string lines)
    {
        if (!Json) Result().Write(lines);
    }

    /// <summary>A table of the result for people; nothing with <c>--json</c>.</summary>
    internal void Table(TextTable table)
    {
        if (Json) return;
        Result();
        table.Write(Terminal);
    }

    /// <summary>Something that one may like to know, beside the result.</summary>
    internal void Note(string text) => Marked("note", text, "blue");

    internal void Warning(string text) => Marked("warning", text, "yellow");

    /// <summary>What went wrong; each line of the text is one error.</summary>
    internal void Error(string text)
    {
        foreach (var line in text.Split('\n')) Marked("error", line, "red");
    }

    /// <summary>The result as JSON, when that was asked for; once per command.</summary>
    /// <param name="write">Writes the members of the object.</param>
    internal void Object(Action<Utf8JsonWriter> write)
    {
        if (!Json) return;
        if (_hasObject) throw new InvalidOperationException("the JSON object has been written already; one command prints one");
        _hasObject = true;
        using var buffer = new MemoryStream();
        var options = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = Terminal.OutIsTerminal };
        using (var writer = new Utf8JsonWriter(buffer, options))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        // Escapes are those of JSON, and nothing but strings has anything to escape.
        Result().WriteLine(Printable.Lines(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length)));
    }

    private TextWriter Result()
    {
        _hasResult = true;
        return Terminal.Out;
    }

    private void Marked(string mark, string text, string colour)
    {
        if (Terminal is { ErrorIsTerminal: true, Colours: true }) Terminal.Rich(Terminal.Error).Markup($"[{colour}]{mark}:[/] ");
        else Terminal.Error.Write($"{mark}: ");
        Terminal.Error.WriteLine(Printable.Lines(text));
    }
}
