namespace Fovea.Formats;

/// <summary>What training scripts and wrappers do to the names of parameters, undone.</summary>
internal static class WeightNames
{
    private const string Counter = "num_batches_tracked";

    private static readonly string[] s_prefixes = ["module.", "_orig_mod."];

    /// <summary>Whether the name is that of PyTorch's count of training steps of a batch norm, which no result depends on.</summary>
    internal static bool IsCounter(string name) => name == Counter || name.EndsWith("." + Counter, StringComparison.Ordinal);

    /// <summary>The counter that belongs to the running variance of a batch norm, or null for another name.</summary>
    internal static string? CounterBeside(string name) =>
        name == "running_var" || name.EndsWith(".running_var", StringComparison.Ordinal) ? name[..^"running_var".Length] + Counter : null;

    /// <summary>The stored names without counters, each with the name that it has without the prefixes that all of them share.</summary>
    internal static List<(string Stored, string Name)> Clean(IEnumerable<string> stored, List<string> notes)
    {
        var all = stored.ToArray();
        var kept = all.Where(name => !IsCounter(name)).ToArray();
        if (kept.Length < all.Length) notes.Add($"left out {all.Length - kept.Length} {Counter} counters");
        var prefix = Prefix(kept);
        if (prefix.Length > 0) notes.Add($"removed the prefix '{prefix}' from every name");
        return [.. kept.Select(name => (name, name[prefix.Length..]))];
    }

    private static string Prefix(string[] names)
    {
        var prefix = "";
        while (names.Length > 0 && s_prefixes.FirstOrDefault(next => names.All(name => Continues(name, prefix, next))) is { } next) prefix += next;
        return prefix;
    }

    private static bool Continues(string name, string prefix, string next) =>
        name.Length > prefix.Length + next.Length && name.AsSpan(prefix.Length).StartsWith(next);
}
