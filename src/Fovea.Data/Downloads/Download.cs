using Fovea.Data.Files;
using Fovea.Data.Sources;
using Fovea.Data.Sources.Published;
using Fovea.Data.Transfer;
using Fovea.Naming;

namespace Fovea.Data.Downloads;

/// <summary>Fetches published data sets, and goes on where an earlier attempt stopped.</summary>
public static class Download
{
    private const string PartEnding = ".part";
    private const int BlockBytes = 1 << 18;

    /// <summary>Fetches what is missing of a data set, each file under its name with <c>.part</c> until it is whole and its sums are those published.</summary>
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
        var fetched = new List<string>();
        using var client = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        Writing(folder, () => Directory.CreateDirectory(folder));
        foreach (var file in set.Files)
        {
            var path = Path.Join(folder, file.Name);
            if (IsThere(path, file, stop)) continue;
            Fetch(client, Address(file, from), path, file, options ?? new(), progress, stop);
            fetched.Add(file.Name);
        }

        if (set.ClassNames is { } names && !Path.Exists(Path.Join(folder, "classes.txt")))
            Writing(folder, () => File.WriteAllLines(Path.Join(folder, "classes.txt"), names.Select(Printable.Of)));
        return fetched;
    }

    private static Uri Address(PublishedFile file, Uri? from)
    {
        var folder = from?.AbsoluteUri ?? file.Address;
        return new($"{folder.TrimEnd('/')}/{file.Name}");
    }

    private static bool IsThere(string path, PublishedFile file, CancellationToken stop)
    {
        if (FileFacts.Of(path, followLink: false) is null) return false;
        if (file.Problem(path, stop) is { } problem)
            throw new DataException(path, $"a file stands here already, but {problem}", "the published one, or no file; remove it");
        return true;
    }

    private static void Fetch(
        HttpClient client, Uri address, string path, PublishedFile file, TransferOptions options, Action<DownloadProgress>? progress, CancellationToken stop)
    {
        var part = path + PartEnding;
        var known = Known(part, file);
        Receive(client, address, part, known, file, options, progress, stop);
        if (known > 0 && file.Problem(part, stop) is not null)
        {
            // What was there may be of another file; what comes anew is not.
            Writing(part, () => File.Delete(part));
            Receive(client, address, part, 0, file, options, progress, stop);
        }

        if (file.Problem(part, stop) is { } problem)
        {
            Writing(part, () => File.Delete(part));
            throw new DataException(address.AbsoluteUri, problem, $"the published {Printable.Of(file.Name)}; --from names another server");
        }

        Writing(path, () => File.Move(part, path, overwrite: false));
    }

    /// <summary>How many bytes are there from an earlier attempt.</summary>
    private static long Known(string part, PublishedFile file)
    {
        if (FileFacts.Of(part, followLink: false) is not { } facts) return 0;
        if (facts.Kind is not (FileKind.File or FileKind.Unknown))
            throw new DataException(part, "this is no file", "the part of a download, or nothing");
        var length = new FileInfo(part).Length;
        if (length <= (file.Bytes ?? long.MaxValue)) return length;
        Writing(part, () => File.Delete(part));
        return 0;
    }

    private static void Receive(
        HttpClient client, Uri address, string part, long known, PublishedFile file, TransferOptions options, Action<DownloadProgress>? progress,
        CancellationToken stop)
    {
        using var stream = new ResumingStream(client, address, known, options, stop);
        try
        {
            using var target = new FileStream(part, known > 0 ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
            var block = new byte[BlockBytes];
            while (stream.Read(block, 0, block.Length) is var count and > 0)
            {
                target.Write(block, 0, count);
                if (stream.At > file.Bytes) break;
                progress?.Invoke(new(file.Name, stream.At, stream.Total ?? file.Bytes));
            }

            target.Flush(flushToDisk: true);
        }
        catch (TransferException e) when (known > 0 && e.IsOtherFile)
        {
            // Its sums differ from those published, so that it is fetched anew.
        }
        catch (TransferException e)
        {
            throw new DataException(
                address.AbsoluteUri, e.Reason, $"{e.Wanted}; what has come is kept in {Printable.Of(part)}, and the same command goes on", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotWritten(part, e);
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
        new(path, $"it cannot be written ({e.Message.TrimEnd('.')})", "a folder with room that can be written to", e);
}
