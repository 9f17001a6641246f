using Fovea.Naming;
using Fovea.Paths;

namespace Fovea.Sources;

/// <summary>A kind of place that models come from: one record for each, which says what it takes and reads it.</summary>
public abstract record ModelSource
{
    /// <summary>All kinds; a place is of the first that takes it.</summary>
    public static IReadOnlyList<ModelSource> Kinds { get; } = [new FoveaSource(), new OnnxSource(), new DarknetSource(), new CatalogueSource(), new RunSource()];

    /// <summary>What such a place is, for messages.</summary>
    public abstract string What { get; }

    /// <summary>Whether its models are described by weights, classes and the choices of a builder; otherwise it says all that itself.</summary>
    public virtual bool IsDescribed => false;

    /// <summary>Whether weights in a file of their own go with it.</summary>
    public virtual bool TakesWeights => IsDescribed;

    /// <summary>Whether it has checkpoints, one of which is meant.</summary>
    public virtual bool HasCheckpoints => false;

    /// <summary>Whether a place is of this kind, by its look.</summary>
    /// <param name="place">A name or a path.</param>
    public abstract bool Takes(string place);

    /// <summary>Reads the model at a place.</summary>
    /// <param name="place">A name or a path.</param>
    /// <param name="options">What else is said of it; the defaults if null.</param>
    /// <exception cref="ModelSourceException">There is no such model.</exception>
    /// <exception cref="Formats.ModelFormatException">The file is truncated, damaged, or holds no model.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public abstract LoadedModel Load(string place, LoadOptions? options = null);

    /// <summary>The kind of a place.</summary>
    /// <param name="place">A name in the catalogue, a file that <c>fovea deploy</c> or <c>fovea export</c> wrote, Darknet's cfg, or the folder of a run.</param>
    /// <exception cref="ModelSourceException">It is none of them.</exception>
    /// <exception cref="Fovea.Models.Building.ModelException">It looks like a name, and the catalogue has none like it.</exception>
    public static ModelSource Of(string place)
    {
        ArgumentNullException.ThrowIfNull(place);
        if (Kinds.FirstOrDefault(kind => kind.Takes(place)) is { } found) return found;
        if (!File.Exists(place) && !place.Contains('/', StringComparison.Ordinal)) Fovea.Models.ModelCatalog.Find(place);
        var problem = PathProblem.OfLink(place) ?? (File.Exists(place) ? "is a file that is no model" : "there is no such file or folder");
        throw new ModelSourceException(
            $"{Printable.Of(place)}: {problem}; wanted "
            + $"{string.Join(", ", Kinds.SkipLast(1).Select(kind => kind.What))} or {Kinds[^1].What}");
    }

    /// <summary>Whether a place is a file or a folder rather than a name in the catalogue.</summary>
    /// <param name="place">A name or a path.</param>
    public static bool IsPath(string place) =>
        Kinds.FirstOrDefault(kind => kind.Takes(place)) is { } kind ? !kind.IsDescribed : place.Contains('/', StringComparison.Ordinal) || File.Exists(place);

    /// <summary>Reads the model at a place of any kind.</summary>
    /// <inheritdoc cref="Of" path="/param|/exception"/>
    /// <param name="place">A name or a path.</param>
    /// <param name="options">What else is said of it; the defaults if null.</param>
    public static LoadedModel LoadAny(string place, LoadOptions? options = null) => Of(place).Load(place, options);

    /// <summary>Whether a path ends so, in any case.</summary>
    private protected static bool EndsIn(string place, string extension) => place.EndsWith(extension, StringComparison.OrdinalIgnoreCase);

    /// <summary>Refuses a file that is missing.</summary>
    private protected void CheckFile(string path)
    {
        if (PathProblem.OfLink(path) is { } link) throw new ModelSourceException($"{Printable.Of(path)}: {link}; wanted {What}");
        if (Directory.Exists(path)) throw new ModelSourceException($"{Printable.Of(path)}: is a folder; wanted {What}");
        if (!File.Exists(path)) throw new ModelSourceException($"{Printable.Of(path)}: there is no such file; wanted {What}");
    }
}
