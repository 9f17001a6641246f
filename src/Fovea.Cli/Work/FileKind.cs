using System.Runtime.InteropServices;
using Fovea.Cli.Usage;
using Fovea.Darknet;
using Fovea.Darknet.Cfg;
using Fovea.Data.Sources;
using Fovea.Formats;
using Fovea.Formats.Artefact;
using Fovea.Formats.Onnx;
using Fovea.Formats.Safetensors;
using Fovea.Formats.Weights;
using Fovea.Naming;
using Fovea.Paths;
using Fovea.Recipes;
using Fovea.Training.Recipes;
using Fovea.Training.RepOpt;

namespace Fovea.Cli.Work;

/// <summary>A kind of file that commands read or write, known by the end of its name and by its content.</summary>
/// <param name="Extension">The end of the name: <c>.fovea</c>.</param>
/// <param name="What">What such a file is, for messages.</param>
/// <param name="Holds">Whether the content of a file is of the kind.</param>
internal sealed record FileKind(string Extension, string What, Func<string, bool> Holds)
{
    private const uint LargestVersion = 9999;

    private static readonly string[] s_files =
    [
        FoveaFile.Extension, OnnxFile.Extension, .. WeightFile.Extensions, DarknetWeights.Extension, CfgFile.Extension, ".yaml", ".yml", ".jsonl", ".csv",
    ];

    /// <summary>What <c>fovea deploy</c> writes.</summary>
    internal static FileKind Shipped { get; } = new(FoveaFile.Extension, "a model that 'fovea deploy' writes", IsShipped);

    /// <summary>What <c>fovea export</c> writes.</summary>
    internal static FileKind Onnx { get; } = new(OnnxFile.Extension, "an ONNX model, which 'fovea export' writes", IsOnnx);

    /// <summary>What <c>fovea repopt scales</c> writes to a path.</summary>
    internal static FileKind ScalesOf(string path) => new(
        Path.GetExtension(path).ToLowerInvariant() is ".pth" and var pytorch ? pytorch : ".safetensors",
        "a file of scales, which 'fovea repopt scales' writes (.safetensors, .pth)", AreScales);

    /// <summary>What <c>fovea convert</c> writes to a path.</summary>
    internal static FileKind ConvertedOf(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        FoveaFile.Extension => Shipped,
        OnnxFile.Extension => Onnx,
        DarknetWeights.Extension => new(DarknetWeights.Extension, "a file of weights of Darknet", AreDarknetWeights),
        var extension => new(extension, $"a file of weights, which 'fovea convert' writes ({string.Join(", ", WeightFile.WrittenExtensions)})", AreWeights),
    };

    /// <summary>A recipe, at a path.</summary>
    internal static FileKind RecipeOf(string path) => new(
        Path.GetExtension(path).ToLowerInvariant() is ".yml" and var other ? other : ".yaml", "a recipe of this tool (.yaml, .yml)", IsRecipe);

    /// <summary>A picture that a command draws.</summary>
    internal static FileKind Png { get; } = new(".png", "a PNG picture", IsPng);

    /// <summary>Refuses, before the work begins, a place where the result cannot or shall not be written.</summary>
    /// <exception cref="UsageException">The name ends otherwise, the folder is missing, or what stands there is no file of the kind.</exception>
    internal void CheckTarget(string path)
    {
        CheckName(path);
        if (Directory.Exists(path)) throw new UsageException($"{Printable.Of(path)}: is a folder; wanted the path of a file");
        if (PathProblem.OfParent(path) is { } problem) throw new UsageException($"{Printable.Of(path)}: {problem}");
        if (PathProblem.OfLink(path) is null && File.Exists(path) && new FileInfo(path).Length > 0 && !Holds(path))
            throw new UsageException($"{Printable.Of(path)}: stands there already and is not {What}; remove it, or choose another name");
    }

    /// <summary>Refuses a file that is missing; whoever reads it sees by its content whether it is of the kind.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    internal void CheckSource(string path)
    {
        if (PathProblem.OfLink(path) is { } link) throw new UsageException($"{Printable.Of(path)}: {link}; wanted {What}");
        if (Directory.Exists(path)) throw new UsageException($"{Printable.Of(path)}: is a folder; wanted {What}");
        if (!File.Exists(path))
            throw new UsageException(
                $"{Printable.Of(path)}: there is no such file; wanted {What.Replace("writes", "wrote", StringComparison.Ordinal)}");
    }

    /// <summary>Refuses a folder that is called like one of the files that the tool knows.</summary>
    /// <exception cref="UsageException">It is, and does not exist yet.</exception>
    internal static void CheckFolderName(string path, string what)
    {
        var extension = Path.GetExtension(path.TrimEnd('/')).ToLowerInvariant();
        if (!Directory.Exists(path) && s_files.Contains(extension))
            throw new UsageException($"{Printable.Of(path)}: ends in '{extension}' as a file does; wanted {what}");
    }

    /// <summary>Refuses a text that is called like a file of another kind, or a picture.</summary>
    /// <exception cref="UsageException">It is.</exception>
    internal static void CheckTextName(string path)
    {
        var extension = Path.GetExtension(path).ToLowerInvariant();
        if (extension != ".csv" && (s_files.Contains(extension) || ImageFiles.AreNamedAs(path)))
            throw new UsageException($"{Printable.Of(path)}: ends in '{extension}', as other files do; wanted .md, .csv, .json or .txt");
    }

    private void CheckName(string path)
    {
        if (path.EndsWith(Extension, StringComparison.OrdinalIgnoreCase) && Path.GetFileName(path).Length > Extension.Length) return;
        var hint = Extension == FoveaFile.Extension && path.EndsWith(OnnxFile.Extension, StringComparison.OrdinalIgnoreCase)
            ? ", of which 'fovea export' makes ONNX"
            : Extension == ".safetensors" ? " or .pth" : "";
        throw new UsageException($"{Printable.Of(path)}: ends in '{Path.GetExtension(path)}'; wanted a file that ends in {Extension}{hint}");
    }

    private static bool IsShipped(string path)
    {
        try
        {
            using var file = SafetensorsFile.Open(path);
            return file.Metadata.TryGetValue("fovea.kind", out var kind) && kind.StartsWith("model", StringComparison.Ordinal);
        }
        catch (ModelFormatException)
        {
            return false;
        }
    }

    /// <summary>Three numbers of a version, which are small.</summary>
    private static bool AreDarknetWeights(string path)
    {
        var start = new byte[3 * sizeof(int)];
        using var file = File.OpenRead(path);
        if (file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length) return false;
        return MemoryMarshal.Cast<byte, uint>(start).IndexOfAnyExceptInRange(0u, LargestVersion) < 0;
    }

    private static bool AreWeights(string path)
    {
        try
        {
            return WeightFile.Read(path).Tensors.Count > 0 && !IsShipped(path);
        }
        catch (ModelFormatException)
        {
            return false;
        }
    }

    /// <summary>Scales alone, not a checkpoint that holds scales, too.</summary>
    private static bool AreScales(string path)
    {
        try
        {
            var tensors = WeightFile.Read(path).Tensors;
            return RepOptScales.Of(tensors, path).Tensors.Count == tensors.Count;
        }
        catch (ModelFormatException)
        {
            return false;
        }
    }

    private static bool IsRecipe(string path)
    {
        try
        {
            RecipeReader.Read(path);
            return true;
        }
        catch (RecipeException)
        {
            return false;
        }
    }

    private static bool IsPng(string path)
    {
        ReadOnlySpan<byte> signature = [0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1a, (byte)'\n'];
        Span<byte> start = stackalloc byte[8];
        using var file = File.OpenRead(path);
        return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual(signature);
    }

    /// <summary>A serialised ModelProto begins with field 1, the version of the format, which is a small number.</summary>
    private static bool IsOnnx(string path)
    {
        const byte versionField = 0x08;
        const int newest = 31;
        using var file = File.OpenRead(path);
        return file.ReadByte() == versionField && file.ReadByte() is > 0 and <= newest;
    }
}
