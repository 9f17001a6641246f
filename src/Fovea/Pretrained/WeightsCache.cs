using Fovea.Data.Downloads;
using Fovea.Data.Sources;
using Fovea.Data.Sources.Published;
using Fovea.Data.Transfer;
using Fovea.Formats;
using Fovea.Formats.Weights;
using Fovea.Naming;

namespace Fovea.Pretrained;

/// <summary>The folder where published weights are kept once they were fetched, and the servers that they come from.</summary>
public sealed record WeightsCache
{
    /// <summary>The environment variable that names the folder in place of <c>~/.cache/fovea</c>.</summary>
    public const string FolderVariable = "FOVEA_CACHE";

    /// <summary>The environment variable that names a mirror of the public hub.</summary>
    public const string HubVariable = "FOVEA_HUB";

    /// <summary>The environment variable that names a mirror of all other servers.</summary>
    public const string MirrorVariable = "FOVEA_MIRROR";

    /// <summary>Somebody waits for weights: a server that does not answer is given up on after some seconds.</summary>
    private static readonly TransferOptions s_usual = new() { Attempts = 4 };

    /// <summary>The public hub.</summary>
    public static Uri PublicHub { get; } = new("https://huggingface.co/");

    /// <summary>The folder; weights lie in its subfolder <c>weights</c>.</summary>
    public required string Folder { get; init; }

    /// <summary>What stands for the public hub. Default that.</summary>
    public Uri Hub { get; init; } = PublicHub;

    /// <summary>
    /// An address under which the files of other servers lie by the names of those, as in <c>https://mirror/download.pytorch.org/models/…</c>; null, the
    /// default, for the servers themselves.
    /// </summary>
    public Uri? Mirror { get; init; }

    /// <summary>How patient it is with servers.</summary>
    public TransferOptions Transfer { get; init; } = s_usual;

    /// <summary>The cache that the environment names.</summary>
    /// <exception cref="DataException">A variable names no http(s) address, or there is neither a home folder nor one in <c>FOVEA_CACHE</c>.</exception>
    public static WeightsCache OfEnvironment() => new()
    {
        Folder = Variable(FolderVariable) ?? Home(),
        Hub = Address(HubVariable) ?? PublicHub,
        Mirror = Address(MirrorVariable),
    };

    /// <summary>Where weights lie once they are there.</summary>
    public string PathOf(PublishedWeights weights) => Path.Join(Path.GetFullPath(Folder), "weights", weights.FileName);

    /// <summary>Where they are fetched from.</summary>
    public Uri AddressOf(PublishedWeights weights) =>
        weights.IsOnHub ? Under(Hub, weights.Address.AbsolutePath)
        : Mirror is null ? weights.Address
        : Under(Mirror, $"/{weights.Address.Host}{weights.Address.AbsolutePath}");

    /// <summary>Whether weights are there.</summary>
    public bool Has(PublishedWeights weights) => File.Exists(PathOf(weights));

    /// <summary>Fetches weights if they are not there, and makes sure that they are those published.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="progress">Told how far it is, often; null for nobody.</param>
    /// <param name="stop">Ends it; what has come is kept.</param>
    /// <returns>Whether they were fetched; otherwise they were there.</returns>
    /// <exception cref="DataException">They cannot be had; the message says which file to put where instead.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was set.</exception>
    public bool Fetch(PublishedWeights weights, Action<DownloadProgress>? progress = null, CancellationToken stop = default)
    {
        var (path, address) = (PathOf(weights), AddressOf(weights));
        // Of these only the server knows the sum; whoever loads them reads them whole.
        if (weights.Sha256 is null && Has(weights)) return false;
        var file = new PublishedFile(address.Segments[^1], new Uri(address, ".").AbsoluteUri, Sha256: weights.Sha256) { Reading = Problem };
        try
        {
            return Download.Fetch(file, path, options: Transfer, progress: at => progress?.Invoke(at with { File = weights.Name }), stop: stop);
        }
        catch (DataException e) when (e.Path == address.AbsoluteUri)
        {
            throw new DataException(
                e.Path, e.Reason,
                $"{e.Wanted}. Without the net: put that file at {Printable.Of(path)} ({(weights.IsOnHub ? HubVariable : MirrorVariable)} names a mirror, "
                + $"{FolderVariable} another folder)",
                e);
        }
    }

    private static string? Problem(Stream content)
    {
        try
        {
            WeightFile.Read(content, "the file");
            return null;
        }
        catch (ModelFormatException e)
        {
            return $"it holds no weights ({e.Message})";
        }
    }

    private static Uri Under(Uri server, string path) => new(server.AbsoluteUri.TrimEnd('/') + path);

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static string Home() => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home
        ? Path.Join(home, ".cache", "fovea")
        : throw new DataException(FolderVariable, "is not set, and there is no home folder", "a folder for published weights in it");

    private static Uri? Address(string name)
    {
        if (Variable(name) is not { } text) return null;
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw new DataException(name, $"is '{Printable.Of(text)}', no http(s) address", "one, as https://huggingface.co");
    }
}
