using Fovea.Images;

namespace Fovea.Formats.Artefact;

/// <summary>What a program has to know of a classifier beside its graph and weights.</summary>
public sealed record ModelCard
{
    internal const string ModelEntry = "fovea.model";

    private const string ClassesEntry = "fovea.classes";
    private const string InputEntry = "fovea.preprocessing";
    private const string SplitEntry = "fovea.validation_split";

    /// <summary>The name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>The names of the classes, by number.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>How images become its input.</summary>
    public required Preprocessing Input { get; init; }

    /// <summary>How training divided data without a validation part; null (the default) where that is not known, or where there was such a part.</summary>
    public ValidationSplit? Split { get; init; }

    /// <summary>Whether both are equal, name by name.</summary>
    public bool Equals(ModelCard? other) =>
        other is not null && Model == other.Model && Classes.SequenceEqual(other.Classes) && Input == other.Input && Split == other.Split;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Model, Classes.Count, Input);

    /// <summary>
    /// The card as the entries of a file's metadata: <c>fovea.model</c>, <c>fovea.classes</c>, <c>fovea.preprocessing</c>, and, where it is known,
    /// <c>fovea.validation_split</c>.
    /// </summary>
    internal IEnumerable<KeyValuePair<string, string>> Entries() =>
    [
        new(ModelEntry, Model),
        new(ClassesEntry, ClassNamesJson.Write(Classes)),
        new(InputEntry, PreprocessingJson.Write(Input)),
        .. Split is null ? Array.Empty<KeyValuePair<string, string>>() : [new(SplitEntry, Split.Write())],
    ];

    /// <summary>The card of a file's metadata.</summary>
    /// <exception cref="FormatException">An entry is missing or cannot be read.</exception>
    internal static ModelCard Of(IReadOnlyDictionary<string, string> metadata)
    {
        string Entry(string key) => metadata.GetValueOrDefault(key) ?? throw new FormatException($"the entry {key} is missing");
        return new()
        {
            Model = Entry(ModelEntry),
            Classes = ClassNamesJson.Read(Entry(ClassesEntry)),
            Input = PreprocessingJson.Read(Entry(InputEntry)),
            Split = metadata.GetValueOrDefault(SplitEntry) is { } split ? ValidationSplit.Read(split) : null,
        };
    }
}
