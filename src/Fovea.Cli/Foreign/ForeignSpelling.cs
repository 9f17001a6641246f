namespace Fovea.Cli.Foreign;

/// <summary>How other systems spell flags that commands here have under another name.</summary>
internal static class ForeignSpelling
{
    private static readonly Dictionary<string, string> s_all = new()
    {
        ["--data_dir"] = "--data", ["--data-dir"] = "--data", ["--data_path"] = "--data", ["--data-path"] = "--data",
        ["--ckpt_path"] = "--weights", ["--checkpoint_path"] = "--weights", ["--pretrained_model"] = "--weights", ["--initial-checkpoint"] = "--weights",
        ["--arch"] = "--model", ["--output"] = "--out", ["--output-dir"] = "--out", ["--output_dir"] = "--out", ["--ckpt_save_dir"] = "--out",
    };

    private static readonly Dictionary<string, string> s_ofBatches = new()
    {
        ["train"] = "--batch-size", ["validate"] = "--batch",
    };

    /// <summary>The flag of a command here that is meant by another; the flag itself where none is.</summary>
    /// <param name="command">The command.</param>
    /// <param name="flag">The flag as it was typed.</param>
    internal static string Of(string command, string flag)
    {
        if (flag is "--batch-size" or "--batch_size" && s_ofBatches.TryGetValue(command, out var batch)) return batch;
        return s_all.TryGetValue(flag, out var known) ? known : flag;
    }
}
