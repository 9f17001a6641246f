using Fovea.Recipes;

namespace Fovea.Import.Foreign;

/// <summary>A system whose configuration files become recipes.</summary>
public abstract record ForeignSystem
{
    /// <summary>Its name, as users know it.</summary>
    public abstract string Name { get; }

    /// <summary>Where it is published.</summary>
    public abstract string Address { get; }

    /// <summary>What is said once about how its files and its command line go together; empty where there is nothing to say.</summary>
    public virtual string Note => "";

    /// <summary>The key that names the model, with those around it.</summary>
    public abstract string ModelKey { get; }

    /// <summary>The key of how many images a training batch has, with those around it.</summary>
    public abstract string BatchKey { get; }

    /// <summary>Flags of its command line that are keys of another name: <c>--scales-path</c> of <c>TRAIN.SCALES_PATH</c>; default none.</summary>
    internal virtual IReadOnlyDictionary<string, string> Flags { get; } = new Dictionary<string, string>();

    /// <summary>Whether each key at the top of its files is a flag of its command line, too; default false.</summary>
    internal virtual bool KeysAreFlags => false;

    /// <summary>The keys at the top of its files: by them they are told from those of others.</summary>
    internal abstract IReadOnlyList<ForeignKey> Keys { get; }

    /// <summary>How many of these keys a file has at least.</summary>
    internal virtual int LeastKeys => 3;

    /// <summary>The names of the system's models.</summary>
    internal abstract ModelNames Models { get; }

    /// <summary>Translates a file, key by key.</summary>
    internal abstract void Translate(Translation translation);

    /// <summary>The key that a flag of its command line sets; null where it has no such flag.</summary>
    /// <param name="flag">The flag: <c>--epoch_size</c>.</param>
    public string? KeyOf(string flag)
    {
        ArgumentNullException.ThrowIfNull(flag);
        if (Flags.TryGetValue(flag, out var named)) return named;
        var key = flag.TrimStart('-').Replace('-', '_');
        return KeysAreFlags && flag.StartsWith("--", StringComparison.Ordinal) && Keys.Any(known => known.Name == key) ? key : null;
    }

    /// <summary>Whether a key at the top of its files is translated, and may have such a value.</summary>
    /// <param name="key">The key.</param>
    /// <param name="hasCommas">Whether the value is one word with commas, which no list of numbers of the system's command lines is.</param>
    public bool Means(string key, bool hasCommas) =>
        Keys.Any(known => known.Name == key && known.Meaningless.Length == 0 && !(hasCommas && known.Kind == ForeignKind.Numbers));

    /// <summary>The name in the catalogue of a model of the system; null where it has none.</summary>
    /// <param name="name">As the system spells it.</param>
    public string? ModelOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Models.TryFind(name)?.Name;
    }

    /// <summary>The keys and values of a text; YAML unless the system has a form of its own.</summary>
    /// <exception cref="Training.Recipes.RecipeException">The text is not of that form.</exception>
    internal virtual RecipeMap Read(ForeignText text) => text.Yaml;

    /// <summary>How sure it is that a file is one of the system: the keys at its top that the system has, less the others; 0 where it is none.</summary>
    internal int Certainty(RecipeMap file)
    {
        var known = file.Entries.Count(entry => Keys.Any(key => key.Name == entry.Key));
        return known < LeastKeys ? 0 : Math.Max(0, (2 * known) - file.Entries.Count);
    }
}
