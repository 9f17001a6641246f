using System.Text;
using Fovea.Formats;

namespace Fovea.Cli.Output;

/// <summary>A writer that never throws: what it cannot write, because the disk is full or nobody reads, is dropped, and the reason kept.</summary>
/// <remarks>Safe for use from several threads as far as the writer below is; the console's are.</remarks>
internal sealed class CarefulWriter(TextWriter below) : TextWriter
{
    private volatile string? _problem;

    /// <summary>Why something could not be written; null as long as everything could.</summary>
    internal string? Problem => _problem;

    public override Encoding Encoding => below.Encoding;

    public override void Write(char value) => Try(() => below.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(() => below.Write(buffer, index, count));

    public override void Write(string? value) => Try(() => below.Write(value));

    public override void WriteLine() => Try(below.WriteLine);

    public override void WriteLine(string? value) => Try(() => below.WriteLine(value));

    public override void Flush() => Try(below.Flush);

    private void Try(Action write)
    {
        try
        {
            write();
        }
        // A library that writing needs and that cannot be loaded is nothing to keep quiet about.
        catch (Exception e) when (e is not (FileNotFoundException or FileLoadException)
            && (WriteFailure.Is(e) || e is ObjectDisposedException or NotSupportedException))
        {
            // Writing to a descriptor that was closed (>&-) counts as access without permission.
            _problem ??= e is UnauthorizedAccessException ? "it is closed" : e.Message.TrimEnd('.');
        }
    }
}
