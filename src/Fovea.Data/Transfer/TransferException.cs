using Fovea.Naming;

namespace Fovea.Data.Transfer;

/// <summary>A file cannot be fetched from a server; the message says which, why, and what was wanted.</summary>
public sealed class TransferException : IOException
{
    /// <summary>A file that cannot be fetched.</summary>
    /// <param name="address">Where it should be.</param>
    /// <param name="reason">What went wrong.</param>
    /// <param name="wanted">What would have been right.</param>
    /// <param name="inner">The exception that this one explains, if any.</param>
    public TransferException(Uri address, string reason, string wanted, Exception? inner = null)
        : base($"{Shown(address)}: {Printable.Line(reason)}; wanted {Printable.Line(wanted)}", inner) =>
        (Address, Reason, Wanted) = (address, reason, wanted);

    /// <summary>Where the file should be.</summary>
    public Uri Address { get; }

    /// <summary>Whether the server has a file that differs from the one of which a part is known.</summary>
    public bool IsOtherFile { get; init; }

    /// <summary>What went wrong.</summary>
    public string Reason { get; }

    /// <summary>What was wanted instead.</summary>
    public string Wanted { get; }

    /// <summary>The address without a name and a password.</summary>
    private static string Shown(Uri address) => Printable.Of(address.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped));
}
