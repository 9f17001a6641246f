using System.Buffers;
using Fovea.Formats;
using Fovea.Naming;

namespace Fovea.Darknet.Cfg;

/// <summary>
/// Darknet's grammar (<c>read_cfg</c>): of each line all blanks are taken out; what begins with # or ; is a comment, what begins with [ a section, and the
/// rest <c>key=value</c>.
/// </summary>
internal sealed class CfgReader(string file)
{
    private static readonly SearchValues<char> s_blanks = SearchValues.Create(" \t\r\n");
    private readonly List<CfgSection> _sections = [];
    private readonly List<CfgEntry> _entries = [];
    private (string Name, int Line)? _open;

    internal CfgFile Read(string text)
    {
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines()) Take(Stripped(line, ++number), number);
        Close();
        return _sections.Count > 0 ? new(file, _sections) : throw new ModelFormatException(file, "", "has no sections; wanted a Darknet cfg, which begins with [net]");
    }

    private static bool IsNetwork(string name) => name is "net" or "network";

    private void Take(string line, int number)
    {
        if (line.Length == 0 || line[0] is '#' or ';') return;
        if (line[0] == '[') Open(line, number);
        else Enter(line, number);
    }

    private void Open(string line, int number)
    {
        Close();
        if (line[^1] != ']') throw Wrong(number, $"'{Short(line)}' does not end in ]; wanted a section as [convolutional], without a comment behind it");
        if (_sections.Count == CfgLimits.Sections) throw Wrong(number, $"is the start of one section too many; wanted at most {CfgLimits.Sections}");
        var name = line[1..^1];
        if (_sections.Count == 0 && !IsNetwork(name)) throw Wrong(number, $"the first section is '{Short(line)}'; wanted [net] or [network]");
        if (_sections.Count > 0 && IsNetwork(name)) throw Wrong(number, $"'{Short(line)}' is there twice; wanted it as the first section alone");
        _open = (name, number);
    }

    private void Enter(string line, int number)
    {
        if (_open is null) throw Wrong(number, $"'{Short(line)}' stands before any section; wanted [net] first");
        var equals = line.IndexOf('=', StringComparison.Ordinal);
        if (equals < 1 || equals == line.Length - 1) throw Wrong(number, $"'{Short(line)}' cannot be understood; wanted key=value, a section or a comment");
        if (_entries.Count == CfgLimits.Entries) throw Wrong(number, $"[{Short(_open.Value.Name)}] has more than {CfgLimits.Entries} entries");
        _entries.Add(new(line[..equals], line[(equals + 1)..], number));
    }

    private void Close()
    {
        if (_open is not { } open) return;
        _sections.Add(new(open.Name, [.. _entries], open.Line));
        _entries.Clear();
        _open = null;
    }

    private string Stripped(ReadOnlySpan<char> line, int number)
    {
        var stripped = line.IndexOfAny(s_blanks) < 0 ? line.ToString() : string.Concat(line.ToString().Where(c => !s_blanks.Contains(c)));
        if (stripped.Length > CfgLimits.Line) throw Wrong(number, $"has {stripped.Length} characters; wanted at most {CfgLimits.Line}");
        if (stripped.Length > 0 && stripped[0] is not ('#' or ';') && stripped.Any(char.IsControl))
            throw Wrong(number, $"'{Short(stripped)}' has control characters in it; wanted text");
        return stripped;
    }

    private static string Short(string text) => Printable.Short(text, 60);

    private ModelFormatException Wrong(int line, string problem) => new(file, $"line {line}", problem);
}
