using Fovea.Data.Files;
using Fovea.Data.Sources;
using Fovea.Data.Sources.Published;
using Fovea.Data.Transfer;
using Fovea.Naming;
using Fovea.Paths;

namespace Fovea.Data.Downloads;

/// <summary>Fetches published files, and goes on where an earlier attempt stopped.</summary>
public static class Download
{
    private const int BlockBytes = 1 << 18;

    /// <summary>How often it is looked whether another process has done with a file.</summary>
    private static readonly TimeSpan s_wait = TimeSpan.FromSeconds(0.1);

    /// <summary>Fetches what is missing of a data set.</summary>
    /// <param name="set">The data set.</param>
    /// <param name="folder">The folder for its files; it is made if it does not exist.</param>
    /// <param name="from">An http(s) address under which the files are, in place of the publishers'.</param>
    /// <param name="options">How patient it is; the defaults if <see langword="null"/>.</param>
    /// <param name="progress">Told how far it is, often.</param>
    /// <param name="stop">Ends it; what has come is kept.</param>
    /// <returns>The files that were fetched; the others were there.</returns>
    /// <exception cref="DataException">A server fails or sends another file, or the folder cannot be written to.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was set.</exception>
    public static IReadOnlyList<string> Fetch(
        PublishedDataSet set, string folder, Uri? from = null, TransferOptions? options = null, Action<DownloadProgress>? progress = null,
        CancellationToken stop = default)
    {
        using var client = FollowRedirects.Client();
        bool IsFetched(PublishedFile file)
        {
            var transfer = new Transfer(client, file.At(from), options ?? new(), progress, stop) { Advice = "; --from names another server" };
            return Fetch(transfer, file, Path.Join(folder, file.Name));
        }

        Writing(folder, () => Directory.CreateDirectory(folder));
        string[] fetched = [.. set.Files.Where(IsFetched).Select(file => file.Name)];
        if (set.ClassNames is { } names && !Path.Exists(Path.Join(folder, "classes.txt")))
            Writing(folder, () => File.WriteAllLines(Path.Join(folder, "classes.txt"), names.Select(Printable.Of)));
        return fetched;
    }

    /// <summary>
    /// Fetches a file if it is not there. Until it is whole and right it lies beside its name with <c>.part</c>; where another process fetches it, that one is
    /// waited for.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="path">Where it is to lie; its folder is made if it does not exist.</param>
    /// <param name="from">An http(s) address under which the file is, in place of the publisher's.</param>
    /// <param name="options">How patient it is; the defaults if <see langword="null"/>.</param>
    /// <param name="progress">Told how far it is, often.</param>
    /// <param name="stop">Ends it; what has come is kept.</param>
    /// <returns>Whether it was fetched; otherwise it was there.</returns>
    /// <exception cref="DataException">A server fails or sends another file, another file stands in its place, or it cannot be written.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was set.</exception>
    public static bool Fetch(
        PublishedFile file, string path, Uri? from = null, TransferOptions? options = null, Action<DownloadProgress>? progress = null,
        CancellationToken stop = default)
    {
        using var client = FollowRedirects.Client();
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder) Writing(folder, () => Directory.CreateDirectory(folder));
        return Fetch(new Transfer(client, file.At(from), options ?? new(), progress, stop), file, path);
    }

    private static bool Fetch(Transfer transfer, PublishedFile file, string path)
    {
        var name = PartFile.Of(path);
        while (!IsThere(path, file, transfer.Stop))
        {
            PartFile? part = null;
            Writing(name, () => part = PartFile.TryTake(name));
            using (part)
            {
                if (part is null) Wait(transfer, name, file);
                // Another process may have done with it between the two looks.
                else if (FileFacts.Of(path, followLink: false) is not null) Writing(name, part.Delete);
                else return Complete(transfer, part, path, file);
            }
        }

        return false;
    }

    private static bool IsThere(string path, PublishedFile file, CancellationToken stop)
    {
        if (FileFacts.Of(path, followLink: false) is null) return false;
        if (file.Problem(path, stop) is { } problem)
            throw new DataException(path, $"a file stands here already, but {problem}", "the published one, or no file; remove it");
        return true;
    }

    private static void Wait(Transfer transfer, string part, PublishedFile file)
    {
        if (new FileInfo(part) is { Exists: true } there) transfer.Progress?.Invoke(new(file.Name, there.Length, file.Bytes));
        transfer.Stop.WaitHandle.WaitOne(s_wait);
        transfer.Stop.ThrowIfCancellationRequested();
    }

    private static bool Complete(Transfer transfer, PartFile part, string path, PublishedFile file)
    {
        if (part.Length > (file.Bytes ?? long.MaxValue)) Writing(part.Path, part.Clear);
        var known = part.Length;
        var (whole, problem) = Received(transfer, part, file);
        if (known > 0 && (problem is not null || !whole.HasSum))
        {
            // What was there may be of another file; what comes anew is not.
            Writing(part.Path, part.Clear);
            (_, problem) = Received(transfer, part, file);
        }

        if (problem is not null)
        {
            Writing(part.Path, part.Delete);
            throw new DataException(transfer.Address.AbsoluteUri, problem, $"the published {Printable.Of(file.Name)}{transfer.Advice}");
        }

        Writing(path, () => part.Become(path));
        return true;
    }

    /// <summary>Receives the rest of a file.</summary>
    /// <returns>What is known of it now, and in what it differs.</returns>
    private static (PublishedFile File, string? Problem) Received(Transfer transfer, PartFile part, PublishedFile file)
    {
        var known = part.Length;
        using var stream = new ResumingStream(transfer.Client, transfer.Address, known, transfer.Options, transfer.Stop);
        try
        {
            part.SeekEnd();
            var block = new byte[BlockBytes];
            while (stream.Read(block, 0, block.Length) is var count and > 0)
            {
                part.Append(block.AsSpan(0, count));
                if (stream.At > file.Bytes) break;
                transfer.Progress?.Invoke(new(file.Name, stream.At, stream.Total ?? file.Bytes));
            }

            var told = file.With(stream.Linked);
            return (told, told.Problem(part.Content(), transfer.Stop));
        }
        catch (TransferException e) when (known > 0 && e.IsOtherFile)
        {
            return (file, e.Reason);
        }
        catch (TransferException e)
        {
            var kept = part.Length > 0 ? $"; what has come is kept in {Printable.Of(part.Path)}, and the same command goes on" : "";
            throw new DataException(transfer.Address.AbsoluteUri, e.Reason, e.Wanted + kept, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotWritten(part.Path, e);
        }
    }

    private static void Writing(string path, Action work)
    {
        try
        {
            work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotWritten(path, e);
        }
    }

    private static DataException NotWritten(string path, Exception e) =>
        new(path, $"it cannot be written ({PathProblem.OfFolder(path, e)})", "a folder with room that can be written to", e);

    private sealed record Transfer(HttpClient Client, Uri Address, TransferOptions Options, Action<DownloadProgress>? Progress, CancellationToken Stop)
    {
        /// <summary>What the user can do about a server with another file. Default nothing.</summary>
        public string Advice { get; init; } = "";
    }
}
