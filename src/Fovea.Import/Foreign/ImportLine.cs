namespace Fovea.Import.Foreign;

/// <summary>What became of one key.</summary>
/// <param name="Key">The key with those around it: <c>epoch_size</c>, <c>Optimizer.lr.name</c>, <c>Loss.Train[0].CELoss.weight</c>.</param>
/// <param name="Place">Where it stands: its line in the file, from 1; the flag that set it; or <c>default</c> for one that the file leaves out.</param>
/// <param name="Value">Its value, as YAML on one line.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Text">The options that it is now, as KEY=VALUE, with figures where some were reckoned; or why it is none.</param>
public sealed record ImportLine(string Key, string Place, string Value, ImportOutcome Outcome, string Text)
{
    /// <summary>The place of keys that the file leaves out.</summary>
    public const string Default = "default";

    /// <summary>Whether the key is none of the file, nor of a flag.</summary>
    public bool IsDefault => Place == Default;
}
