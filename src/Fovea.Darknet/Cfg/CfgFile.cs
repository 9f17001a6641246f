using System.Text;
using Fovea.Formats;

namespace Fovea.Darknet.Cfg;

/// <summary>A Darknet cfg as text has it: sections of entries. <see cref="DarknetNetwork"/> says what they mean.</summary>
/// <param name="Name">The path or name of the file, for messages.</param>
/// <param name="Sections">The sections; the first is <c>[net]</c> or <c>[network]</c>.</param>
public sealed record CfgFile(string Name, IReadOnlyList<CfgSection> Sections)
{
    /// <summary>The end of such a file's name.</summary>
    public const string Extension = ".cfg";

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file, of at most 16 MiB.</param>
    /// <exception cref="ModelFormatException">A line cannot be understood; the message has its number.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static CfgFile Read(string path) => Parse(CfgText.Read(path), path);

    /// <summary>Reads the text of a file.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <exception cref="ModelFormatException">A line cannot be understood; the message has its number.</exception>
    public static CfgFile Parse(string text, string name) => new CfgReader(name).Read(text);

    /// <summary>The text, which reads as the same sections: an empty line between two, one entry a line, no blanks and no comments.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        foreach (var section in Sections)
        {
            if (text.Length > 0) text.Append('\n');
            text.Append('[').Append(section.Name).Append("]\n");
            foreach (var entry in section.Entries) text.Append(entry.Key).Append('=').Append(entry.Value).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Writes <see cref="ToText"/> as a whole file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(string path) => AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(ToText())));

    /// <summary>Whether the sections are equal, whatever the names of the files.</summary>
    public bool Equals(CfgFile? other) => other is not null && Sections.SequenceEqual(other.Sections);

    /// <inheritdoc/>
    public override int GetHashCode() => Sections.Count;
}
