using System.Globalization;
using System.Text;
using Fovea.Recipes;
using Fovea.Training.Recipes;

namespace Fovea.Hostile.Subjects;

/// <summary>Recipes in YAML: keys that there are and others, values of every kind, nested to any depth, with anchors and what else YAML has.</summary>
public sealed class RecipeTexts : Subject
{
    private static readonly string[] s_keys =
    [
        "model", "data", "optimizer", "schedule", "loss", "augment", "train", "kind", "name", "mean", "epochs", "learning_rate", "batch_size", "milestones",
        "seed", "weights", "precision",
    ];

    /// <inheritdoc/>
    public override string Name => "recipe";

    /// <inheritdoc/>
    public override byte[] Make(Choices choices)
    {
        var text = new StringBuilder();
        if (choices.OneIn(20)) text.Append(choices.Of("%YAML 1.2\n---\n", "---\n", "\uFEFF", "--- !!map\n", "...\n"));
        for (var i = choices.Between(0, 8); i > 0; i--) Entry(choices, text, 0);
        if (choices.OneIn(20)) text.Append(choices.Of("---\na: 1\n", "\t", "'", "\"", "&a *a", "? a\n: b\n", "<<: *a\n", "- x\n"));
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <inheritdoc/>
    public override void Read(byte[] file) => RecipeReader.Parse(Encoding.UTF8.GetString(file), "hostile.yaml");

    /// <inheritdoc/>
    public override bool Refuses(Exception failure) => failure is RecipeException;

    private static void Entry(Choices choices, StringBuilder text, int depth)
    {
        text.Append(' ', 2 * depth).Append(choices.OneIn(15) ? choices.Of("&a ", "!!str ", "? ", "- ", "*a ") : "").Append(Key(choices))
            .Append(choices.OneIn(40) ? " " : ": ");
        if (depth < 4 && choices.OneIn(2))
        {
            text.Append('\n');
            for (var i = choices.Between(1, 4); i > 0; i--) Entry(choices, text, depth + 1);
            return;
        }

        Value(choices, text, 0);
        text.Append('\n');
    }

    private static string Key(Choices choices) => choices.OneIn(20)
        ? $"\"{choices.Name("k").Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""
        : choices.Of(s_keys);

    private static void Value(Choices choices, StringBuilder text, int depth)
    {
        switch (choices.Below(depth < 5 ? 9 : 5))
        {
            case 0: text.Append(choices.Number().ToString(CultureInfo.InvariantCulture)); break;
            case 1: text.Append(choices.Fraction().ToString("R", CultureInfo.InvariantCulture)); break;
            case 2:
                text.Append(
                    choices.Of(
                        "sgd", "adamw", "step", "cosine", "true", "null", "~", "resnet18", "fp32", "bf16", "|\n  x", ">\n  y", "''", "\"\\x1b\"", "*a", "&a 1",
                        "!!int 3", "2026-01-01", "0x10", "1_000", ".inf"));
                break;
            case 3: text.Append(string.Concat(Enumerable.Repeat(choices.Of("[", "{a: ", "- ", "[[", "{? "), choices.Of(3, 20, 3000)))); break;
            case 4: text.Append(new string('9', choices.Of(5, 50, 400))); break;
            case 5 or 6: Flow(choices, text, "[", "]", depth, key: false); break;
            default: Flow(choices, text, "{", "}", depth, key: true); break;
        }
    }

    private static void Flow(Choices choices, StringBuilder text, string begin, string end, int depth, bool key)
    {
        text.Append(begin);
        for (var i = choices.Between(0, 4); i > 0; i--)
        {
            if (key) text.Append(Key(choices)).Append(": ");
            Value(choices, text, depth + 1);
            if (i > 1) text.Append(", ");
        }

        text.Append(choices.OneIn(40) ? "" : end);
    }
}
