using System.Globalization;

namespace Fovea.Formats.PyTorch;

/// <summary>Finds the dictionary of tensors in what a training script saved.</summary>
internal sealed class StateDict
{
    private const int DeepestWrapper = 6;

    /// <summary>The entries under which training scripts keep a state dict; the first that holds one is taken.</summary>
    private static readonly string[] s_wrappers =
        ["state_dict", "model", "model_state_dict", "model_state", "net", "network", "state_dict_ema", "model_ema", "ema"];

    private readonly List<string> _path = [];

    /// <summary>The dictionary itself.</summary>
    internal PickleDict Entries { get; private set; } = new();

    /// <summary>The keys that led to it, from the outermost.</summary>
    internal IReadOnlyList<string> Path => _path;

    /// <summary>Strings, numbers and truths that stand beside it in the wrappers.</summary>
    internal Dictionary<string, string> Metadata { get; } = [];

    /// <summary>Further entries of the wrappers that hold tensors by name.</summary>
    internal List<string> Others { get; } = [];

    /// <summary>Finds it under <paramref name="key"/> of the outermost dictionary, or where such dictionaries usually are.</summary>
    /// <returns>The state dict, or what was found instead.</returns>
    internal static (StateDict? Found, string Problem) Find(object? root, string? key)
    {
        if (root is not PickleDict outermost) return (null, $"holds {Describe(root)}; wanted a state dict: torch.save(model.state_dict(), FILE)");
        var found = new StateDict();
        if (key is null) return found.Descend(outermost) ? (found, "") : (null, $"holds no tensors by name, only {Keys(outermost)}");
        if (outermost[key] is not PickleDict chosen) return (null, $"has no dictionary under '{key}', only {Keys(outermost)}");
        found.Enter(outermost, key);
        return found.Descend(chosen) ? (found, "") : (null, $"holds no tensors by name under '{key}'");
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

    private bool Descend(PickleDict dictionary)
    {
        foreach (var (key, next) in Candidates(dictionary))
        {
            Enter(dictionary, key);
            return Descend(next);
        }

        Entries = dictionary;
        return HasTensors(dictionary);
    }

    private void Enter(PickleDict wrapper, string key)
    {
        _path.Add(key);
        Others.AddRange(Candidates(wrapper).Select(candidate => candidate.Key).Where(other => other != key));
        foreach (var (name, value) in wrapper.Entries)
            if (Plain(value) is { } text) Metadata[name] = text;
    }

    /// <summary>The entries of a wrapper that hold tensors by name, known wrappers first; none if it holds tensors itself and no wrapper is known.</summary>
    private static IEnumerable<(string Key, PickleDict Dictionary)> Candidates(PickleDict wrapper)
    {
        var known = s_wrappers.Where(key => Leads(wrapper[key], DeepestWrapper)).ToArray();
        var unknown = HasTensors(wrapper)
            ? []
            : wrapper.Entries.Where(entry => !s_wrappers.Contains(entry.Key) && Leads(entry.Value, 1)).Select(entry => entry.Key);
        return known.Concat(unknown).Select(key => (key, (PickleDict)wrapper[key]!));
    }

    /// <summary>Whether a dictionary with tensors is reached within <paramref name="depth"/> steps.</summary>
    private static bool Leads(object? value, int depth) =>
        value is PickleDict dictionary && depth > 0 && (HasTensors(dictionary) || s_wrappers.Any(key => Leads(dictionary[key], depth - 1)));

    private static bool HasTensors(PickleDict dictionary) => dictionary.Entries.Any(entry => entry.Value is PickleTensor);

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
        var keys = dictionary.Entries.Select(entry => $"'{entry.Key}' ({Describe(entry.Value)})").Take(8).ToArray();
        return keys.Length == 0 ? "an empty dictionary" : string.Join(", ", keys);
    }
}
