using Fovea.Naming;

namespace Fovea.Formats;

/// <summary>What training scripts and wrappers do to the names of parameters, undone.</summary>
internal static class WeightNames
{
    private const int MostListed = 8;
    private const string Counter = "num_batches_tracked";

    /// <summary>Beside the weights of torch.optim.swa_utils.AveragedModel.</summary>
    private const string Averages = "n_averaged";

    /// <summary>
    /// DistributedDataParallel and DeepSpeed; torch.compile; Lightning; OpenMMLab and timm's feature wrappers; scripts that call their net so.
    /// </summary>
    private static readonly string[] s_prefixes = ["module.", "_orig_mod.", "model.", "backbone.", "net."];

    /// <summary>Whether the name is that of PyTorch's count of training steps of a batch norm, which no result depends on.</summary>
    internal static bool IsCounter(string name) => name == Counter || name.EndsWith("." + Counter, StringComparison.Ordinal);

    /// <summary>The counter that belongs to the running variance of a batch norm, or null for another name.</summary>
    internal static string? CounterBeside(string name) =>
        name == "running_var" || name.EndsWith(".running_var", StringComparison.Ordinal) ? name[..^"running_var".Length] + Counter : null;

    /// <summary>The names that go on from a part of them after a dot, or where there are none, after a slash.</summary>
    internal static string[] Below(IEnumerable<string> names, string part)
    {
        var all = names.Where(name => name.Length > part.Length + 1 && name.StartsWith(part, StringComparison.Ordinal)).ToLookup(name => name[part.Length]);
        return [.. all.Contains('.') ? all['.'] : all['/']];
    }

    /// <summary><see cref="Clean(IEnumerable{string}, string, List{string})"/> for a part that somebody asked for.</summary>
    /// <exception cref="ModelFormatException">No name begins so: what <paramref name="fail"/> makes of the place and the problem.</exception>
    internal static List<(string Stored, string Name)> Clean(
        Func<string, string, ModelFormatException> fail, IReadOnlyList<string> stored, string part, List<string> notes)
    {
        if (part.Length > 0 && Below(stored, part).Length == 0)
            throw fail($"key '{part}'", $"no tensor has a name that begins with it; names begin with {string.Join(", ", Beginnings(stored))}");
        return Clean(stored, part, notes);
    }

    /// <summary>The stored names without counters, each with the name that it has without the prefixes that all of them share.</summary>
    /// <param name="stored">The names in the file.</param>
    /// <param name="part">Where not empty, the beginning of the names that are wanted, without the dot after it; the others are left out.</param>
    /// <param name="notes">What was done is added.</param>
    internal static List<(string Stored, string Name)> Clean(IEnumerable<string> stored, string part, List<string> notes)
    {
        var all = stored.ToArray();
        var chosen = part.Length == 0 ? all : Below(all, part);
        if (part.Length > 0) notes.Add($"took the {chosen.Length} of {all.Length} tensors whose names begin with '{part}'");
        var kept = chosen.Where(name => !IsCounter(name) && name != Averages).ToArray();
        if (chosen.Count(IsCounter) is > 0 and var counters) notes.Add($"left out {counters} {Counter} counters");
        if (chosen.Contains(Averages)) notes.Add($"left out '{Averages}', which counts what was averaged");
        var begin = part.Length == 0 ? 0 : part.Length + 1;
        var end = begin + SharedPrefix(kept, begin);
        if (end > begin) notes.Add($"removed the prefix '{kept[0][begin..end]}' from every name");
        return [.. kept.Select(name => (name, name[end..]))];
    }

    private static IEnumerable<string> Beginnings(IEnumerable<string> names) =>
        names.Select(name => name[..Math.Max(0, name.IndexOfAny(['.', '/']))]).Where(part => part.Length > 0).Distinct().Take(MostListed)
            .Select(part => $"'{Printable.Line(part, most: 64)}'").DefaultIfEmpty("nothing in common");

    /// <summary>The length of the prefixes that all names share from a place on.</summary>
    private static int SharedPrefix(string[] names, int from)
    {
        var at = from;
        while (names.Length > 0 && Array.Find(s_prefixes, next => Array.TrueForAll(names, name => Continues(name, at, next))) is { } next) at += next.Length;
        return at - from;
    }

    private static bool Continues(string name, int at, string next) => name.Length > at + next.Length && name.AsSpan(at).StartsWith(next);
}
