using Fovea.Cli.Usage;
using Fovea.Darknet;
using Fovea.Formats;
using Fovea.Naming;

namespace Fovea.Cli.Darknet;

/// <summary>Darknet's commands for other tasks: of a network that is a classifier they name the command that it is for.</summary>
internal static class OtherTasks
{
    private static readonly string[] s_names = ["detector", "detect", "yolo", "segmenter", "regressor", "rnn", "captcha", "nightmare"];

    /// <summary>Refuses a command line of another task.</summary>
    /// <param name="words">Its words.</param>
    /// <exception cref="UsageException">It is one.</exception>
    internal static void Check(IReadOnlyList<string> words)
    {
        if (words.Count == 0 || !s_names.Contains(words[0])) return;
        string? Ending(string end) => words.FirstOrDefault(word => word.EndsWith(end, StringComparison.OrdinalIgnoreCase)) is { } word ? Printable.Of(word) : null;
        var cfg = words.FirstOrDefault(word => word.EndsWith(Fovea.Darknet.Cfg.CfgFile.Extension, StringComparison.OrdinalIgnoreCase));
        if (cfg is null || Classes(cfg) is not { } classes)
            throw new UsageException($"'{words[0]}' is a command of Darknet for another task; wanted 'fovea classifier train|valid|predict DATA CFG …'");
        var (data, weights) = (Ending(".data") ?? "DATA", Ending(DarknetWeights.Extension) ?? "WEIGHTS");
        var verb = words.Contains("train") ? "train" : words.Contains("valid") ? "valid" : "predict";
        throw new UsageException(
            $"{Printable.Of(cfg)} is a classifier of {Amount.Of(classes, "class")}, and '{words[0]}' is for another task; wanted "
            + $"'fovea classifier {verb} {data} {Printable.Of(cfg)} {weights}{(verb == "predict" ? " IMAGE" : "")}', where {data} says classes={classes}");
    }

    /// <summary>The classes of a classifier; null for what is none, or no network at all.</summary>
    private static int? Classes(string cfg)
    {
        try
        {
            return File.Exists(cfg) && DarknetNetwork.Read(cfg) is { Softmax: not null } network ? network.Outputs : null;
        }
        catch (Exception e) when (e is ModelFormatException or IOException)
        {
            return null;
        }
    }
}
