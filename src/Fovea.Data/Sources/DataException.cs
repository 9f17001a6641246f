using Fovea.Naming;

namespace Fovea.Data.Sources;

/// <summary>A data set cannot be used as it is; the message says where, what is wrong and what was wanted.</summary>
public sealed class DataException : Exception
{
    /// <summary>A data set that cannot be used.</summary>
    /// <param name="path">The folder or file.</param>
    /// <param name="reason">What is wrong, with values.</param>
    /// <param name="wanted">What would have been right.</param>
    /// <param name="inner">The exception that this one explains, if any.</param>
    public DataException(string path, string reason, string wanted, Exception? inner = null)
        : base($"{Printable.Of(path)}: {Printable.Line(reason)}; wanted {Printable.Line(wanted)}", inner)
    {
        (Path, Reason, Wanted) = (path, reason, wanted);
    }

    /// <summary>The folder or file.</summary>
    public string Path { get; }

    /// <summary>What is wrong with it.</summary>
    public string Reason { get; }

    /// <summary>What was wanted instead.</summary>
    public string Wanted { get; }
}
