using System.Globalization;
using Fovea.Naming;

namespace Fovea.Formats.PyTorch;

/// <summary>Finds the dictionary of tensors in what a training script saved.</summary>
internal sealed class StateDict
{
    private const int DeepestWrapper = 6;
    private const int LongestName = 64;
    private const int MostListed = 8;

    /// <summary>The entries under which training scripts keep a state dict; the first that holds one is taken.</summary>
    private static readonly string[] s_wrappers =
        ["state_dict", "model", "model_state_dict", "model_state", "module", "net", "network", "state_dict_ema", "model_ema", "ema"];

    private readonly List<string> _path = [];
    private readonly Dictionary<PickleDict, bool> _hasTensors = [];
    private readonly HashSet<PickleDict> _entered = [];

    /// <summary>The dictionary itself.</summary>
    internal PickleDict Entries { get; private set; } = new();

    /// <summary>The keys that led to it, from the outermost, with dots between them.</summary>
    internal string Path => string.Join('.', _path);

    /// <summary>
    /// What is left of a key that was asked for, where no dictionary has it: the tensors are those whose names begin with it; otherwise empty.
    /// </summary>
    internal string Prefix { get; private set; } = "";

    /// <summary>Strings, numbers and truths that stand beside it in the wrappers.</summary>
    internal Dictionary<string, string> Metadata { get; } = [];

    /// <summary>The paths of further entries of the wrappers that hold tensors by name.</summary>
    internal List<string> Others { get; } = [];

    /// <summary>Finds it under a key, or where such dictionaries usually are.</summary>
    /// <param name="archive">What the file holds.</param>
    /// <param name="key">
    /// Keys with dots between them, from the outermost dictionary; the last part may be the beginning of the tensors' names. Null for none.
    /// </param>
    /// <returns>The state dict, or what was found instead.</returns>
    internal static (StateDict? Found, string Problem) Find(PyTorchArchive archive, string? key)
    {
        if (archive.Root is not PickleDict outermost) return (null, $"holds {Describe(archive.Root)}; wanted a state dict: {archive.Writer}");
        var found = new StateDict();
        found.Entries = key is null ? outermost : found.Follow(outermost, key);
        if (!found.HasChosen() && found.Descend(archive.Writer) is { } problem) return (null, problem);
        if (!found.HasTensors(found.Entries)) return (null, $"holds no tensors by name, only {Keys(found.Entries)}");
        return found.Prefix.Length == 0 || found.HasChosen()
            ? (found, "")
            : (null, $"has neither a dictionary '{Printable.Line(found.Prefix, LongestName)}' nor names that begin so, only {Keys(found.Entries)}");
    }

    internal static string Describe(object? value) => value switch
    {
        null => "None",
        bool => "a bool",
        long or System.Numerics.BigInteger => "an integer",
        double => "a float",
        string => "a string",
        byte[] => "bytes",
        object?[] => "a tuple",
        PickleList => "a list",
        PickleDict => "a dictionary",
        PickleTensor => "a tensor",
        Opaque opaque => $"an object made by {opaque.Global}, which is not run",
        _ => "a class",
    };

    /// <summary>
    /// The dictionary that a dotted key leads to: at each step the longest part of it that is the key of a dictionary. The rest is <see cref="Prefix"/>.
    /// </summary>
    private PickleDict Follow(PickleDict dictionary, string key)
    {
        while (key.Length > 0)
        {
            var cut = key.Length;
            while (cut > 0 && dictionary[key[..cut]] is not PickleDict) cut = key.LastIndexOf('.', cut - 1);
            if (cut <= 0) break;
            Enter(dictionary, key[..cut]);
            dictionary = (PickleDict)dictionary[key[..cut]]!;
            key = cut == key.Length ? "" : key[(cut + 1)..];
        }

        Prefix = key;
        return dictionary;
    }

    /// <summary>Whether there are tensors of the prefix that was asked for.</summary>
    private bool HasChosen() => Prefix.Length > 0 && WeightNames.Below(Names(Entries), Prefix).Length > 0;

    private static IEnumerable<string> Names(PickleDict dictionary) =>
        dictionary.Entries.Where(entry => entry.Value is PickleTensor).Select(entry => entry.Key);

    /// <summary>Enters wrappers until there is none; what is wrong, or null.</summary>
    private string? Descend(string writer)
    {
        while (Candidates(Entries).FirstOrDefault() is { } key)
        {
            if (!_entered.Add(Entries)) return $"contains itself: '{Path}' is a dictionary that it is in; wanted {writer}";
            Enter(Entries, key);
            Entries = (PickleDict)Entries[key]!;
        }

        return null;
    }

    private void Enter(PickleDict wrapper, string key)
    {
        Others.AddRange(Candidates(wrapper).Where(other => other != key).Select(other => string.Join('.', _path.Append(other))));
        _path.Add(key);
        foreach (var (name, value) in wrapper.Entries)
            if (Plain(value) is { } text) Metadata[name] = text;
    }

    /// <summary>The entries of a wrapper that hold tensors by name, known wrappers first; none if it holds tensors itself and no wrapper is known.</summary>
    private List<string> Candidates(PickleDict wrapper)
    {
        var known = s_wrappers.Where(key => Leads(wrapper[key])).ToList();
        if (HasTensors(wrapper)) return known;
        known.AddRange(wrapper.Entries
            .Where(entry => !s_wrappers.Contains(entry.Key) && entry.Value is PickleDict below && HasTensors(below)).Select(entry => entry.Key));
        return known;
    }

    /// <summary>
    /// Whether a dictionary with tensors is reached in a few steps through known wrappers; each dictionary is looked at once, however they refer to each other.
    /// </summary>
    private bool Leads(object? value)
    {
        if (value is not PickleDict first) return false;
        var seen = new HashSet<PickleDict> { first };
        var level = new List<PickleDict> { first };
        for (var depth = 0; depth < DeepestWrapper && level.Count > 0; depth++)
        {
            if (level.Exists(HasTensors)) return true;
            level = [.. level.SelectMany(dictionary => s_wrappers.Select(key => dictionary[key])).OfType<PickleDict>().Where(seen.Add)];
        }

        return false;
    }

    private bool HasTensors(PickleDict dictionary)
    {
        if (!_hasTensors.TryGetValue(dictionary, out var has))
            _hasTensors.Add(dictionary, has = dictionary.Entries.Any(entry => entry.Value is PickleTensor));
        return has;
    }

    private static string? Plain(object? value) => value switch
    {
        string text => text,
        long number => number.ToString(CultureInfo.InvariantCulture),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        true => "true",
        false => "false",
        _ => null,
    };

    private static string Keys(PickleDict dictionary)
    {
        var keys = dictionary.Entries.Take(MostListed).Select(entry => $"'{Printable.Line(entry.Key, LongestName)}' ({Describe(entry.Value)})").ToArray();
        return keys.Length == 0 ? "an empty dictionary" : string.Join(", ", keys);
    }
}
