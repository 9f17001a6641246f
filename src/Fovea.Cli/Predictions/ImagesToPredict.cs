using Fovea.Cli.Usage;
using Fovea.Cli.Work;
using Fovea.Data.Decoding;
using Fovea.Data.Sets;
using Fovea.Data.Sources;
using Fovea.Data.Sources.Lists;
using Fovea.Naming;

namespace Fovea.Cli.Predictions;

/// <summary>The images that a command line names: files, folders, sets of data, standard input.</summary>
/// <param name="call">The call.</param>
internal sealed class ImagesToPredict(Invocation call)
{
    /// <summary>Ends of names of files that name images.</summary>
    private static readonly string[] s_lists = [".csv", ".tsv", ".txt", ".lst"];

    /// <summary>Ends of names of files that hold many images.</summary>
    private static readonly string[] s_archives = [".tar", ".gz", ".tgz", ".bin", ".idx"];

    /// <summary>The names of standard input.</summary>
    private static readonly string[] s_input = ["-", "/dev/stdin"];

    private readonly List<Func<Classifier, IEnumerable<ImagePrediction>>> _all = [];
    private readonly List<string> _files = [];

    /// <summary>What classifies the images, in their order; files that follow each other are classified together.</summary>
    /// <exception cref="UsageException">A path is that of no image, folder or set of data; or standard input is named twice.</exception>
    internal IReadOnlyList<Func<Classifier, IEnumerable<ImagePrediction>>> Of(IReadOnlyList<string> paths)
    {
        if (paths.Count(s_input.Contains) > 1) throw new UsageException("standard input is named twice; wanted once: it is one image");
        foreach (var path in paths) Add(path);
        Close();
        return _all;
    }

    private void Add(string path)
    {
        if (s_input.Contains(path)) AddSource(new MemoryImages(["image"], [(path, Input(path), 0)]));
        else if (FilesOf(path) is { } found) _files.AddRange(found);
        else AddSource(Set(path));
    }

    private void AddSource(IImageSource images)
    {
        Close();
        _all.Add(classifier => classifier.PredictEach(images, call.Stop));
    }

    private void Close()
    {
        if (_files.Count == 0) return;
        var those = _files.ToArray();
        _all.Add(classifier => classifier.PredictEach(those, call.Stop));
        _files.Clear();
    }

    private IImageSource Set(string path)
    {
        var (images, _, warnings) = DataFlags.Find(call, path).OpenAll(call.Stop);
        foreach (var warning in warnings) call.Report.Warning(warning);
        return images;
    }

    /// <summary>The image, or those of a folder; null for a place that is a set of data of another kind.</summary>
    private IReadOnlyList<string>? FilesOf(string path)
    {
        if (DataSet.IsPattern(path)) return null;
        if (File.Exists(path) && Ends(path, s_lists)) return PathLists.TryRead(path, DataFlags.Root(call));
        if (File.Exists(path)) return Ends(path, s_archives) ? null : [path];
        if (!Directory.Exists(path)) throw new UsageException($"{Printable.Of(path)}: there is no such image or folder");
        var (found, warnings) = ImageFiles.In(path, call.Stop);
        foreach (var warning in warnings) call.Report.Warning(warning);
        if (found.Count > 0) return found;
        return Directory.EnumerateFiles(path).Any()
            ? null
            : throw new UsageException($"{Printable.Of(path)}: holds no images (JPEG, PNG, WebP, BMP)");
    }

    private static bool Ends(string path, string[] ends) => ends.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>The encoded image that is written to standard input.</summary>
    private byte[] Input(string path)
    {
        var most = new DecodeOptions().MaxFileBytes;
        using var image = new MemoryStream();
        var part = new byte[1 << 16];
        while (call.Report.Terminal.In.Read(part) is > 0 and var length)
        {
            if (image.Length + length > most)
                throw new ImageException(path, $"the image has more than {most} bytes", "an encoded image (JPEG, PNG, WebP, BMP)");
            image.Write(part, 0, length);
        }

        if (image.Length == 0) throw new ImageException(path, "there is nothing on standard input", "an encoded image (JPEG, PNG, WebP, BMP)");
        return image.ToArray();
    }
}
