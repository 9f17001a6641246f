namespace Fovea.Data.Sources;

/// <summary>The names by which parts of data sets are known.</summary>
/// <remarks>
/// In any case, and with what is often added: <c>Train</c>, <c>training_set</c>, <c>val2017</c>, <c>Test-Images</c>. Whether a folder of such a name is a
/// part or a class, its content says.
/// </remarks>
internal static class PartNames
{
    private static readonly Dictionary<string, PartKind> s_words = new(StringComparer.Ordinal)
    {
        ["train"] = PartKind.Train,
        ["training"] = PartKind.Train,
        ["trn"] = PartKind.Train,
        ["val"] = PartKind.Validation,
        ["valid"] = PartKind.Validation,
        ["validate"] = PartKind.Validation,
        ["validation"] = PartKind.Validation,
        ["eval"] = PartKind.Validation,
        ["evaluation"] = PartKind.Validation,
        ["dev"] = PartKind.Validation,
        ["holdout"] = PartKind.Validation,
        ["test"] = PartKind.Test,
        ["testing"] = PartKind.Test,
        ["tst"] = PartKind.Test,
    };

    private static readonly string[] s_additions = ["set", "data", "dataset", "images", "image", "imgs", "img", "split", "part", "folder"];

    /// <summary>What a part of this name is for; null if parts are not called so.</summary>
    public static PartKind? Of(string name)
    {
        var word = Trimmed(name.ToLowerInvariant());
        if (s_words.TryGetValue(word, out var kind)) return kind;
        foreach (var addition in s_additions)
            if (word.EndsWith(addition, StringComparison.Ordinal) && s_words.TryGetValue(Trimmed(word[..^addition.Length]), out kind)) return kind;
        return null;
    }

    /// <summary>Whether a word of the name is that of a part: <c>seg_train</c>, <c>01-val</c>, <c>train (1)</c>.</summary>
    public static bool Mentions(string name) =>
        name.Split([' ', '_', '-', '.', '(', ')', '[', ']'], StringSplitOptions.RemoveEmptyEntries).Any(word => Of(word) is not null);

    private static string Trimmed(string word) => word.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9').Trim(' ', '_', '-', '.');
}
