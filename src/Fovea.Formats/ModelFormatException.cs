using Fovea.Naming;

namespace Fovea.Formats;

/// <summary>A file does not hold what its format promises, or holds something that Fovea cannot represent.</summary>
/// <remarks>Names out of the file are in the message; control codes in them are shown as escapes (<see cref="Printable"/>).</remarks>
public sealed class ModelFormatException : Exception
{
    /// <summary>A failure at one place of a file.</summary>
    /// <param name="file">The path or name of the file.</param>
    /// <param name="where">The entry, tensor, node or byte offset concerned; empty for the file as a whole.</param>
    /// <param name="problem">What is there, with values, and what was wanted.</param>
    /// <param name="inner">The failure that led to this one.</param>
    public ModelFormatException(string file, string where, string problem, Exception? inner = null)
        : base(Printable.Line(where.Length == 0 ? $"{file}: {Cut(problem)}" : $"{file}: {Cut(where)}: {Cut(problem)}"), inner)
    {
        File = file;
        Where = where;
    }

    /// <summary>The path or name of the file.</summary>
    public string File { get; }

    /// <summary>The entry, tensor, node or byte offset concerned; empty for the file as a whole.</summary>
    public string Where { get; }

    private static string Cut(string text) => text.Length <= 2000 ? text : $"{text[..1000]} … {text[^1000..]}";
}
