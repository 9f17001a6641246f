using Fovea.Naming;
using Fovea.Sources;
using Fovea.Training.Deploying;

namespace Fovea.Converting;

/// <summary>A format that models are converted to: one record for each.</summary>
public abstract record ConvertTarget
{
    /// <summary>All formats; a path is of the first that takes it.</summary>
    public static IReadOnlyList<ConvertTarget> Kinds { get; } = [new FoveaTarget(), new OnnxTarget(), new WeightsTarget(), new DarknetTarget()];

    /// <summary>What such a file is, for messages.</summary>
    public abstract string What { get; }

    /// <summary>Whether it holds the graph of the model, in the deploy form.</summary>
    public abstract bool IsModel { get; }

    /// <summary>Whether a path is of this format, by its end.</summary>
    /// <param name="path">The path.</param>
    public abstract bool Takes(string path);

    /// <summary>Refuses, before the work begins, a model that the format has no place for.</summary>
    /// <param name="model">The model.</param>
    /// <param name="to">The file that is to be written.</param>
    /// <exception cref="ModelSourceException">It has none.</exception>
    public virtual void Check(LoadedModel model, string to)
    {
    }

    /// <summary>Writes a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="draft">What it is made of.</param>
    /// <returns>The comparison that the format makes itself, where it does; where that has not passed, there is no file. Null for none.</returns>
    /// <exception cref="Formats.ModelFormatException">The format has no place for something of it.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public abstract ExportParity? Write(string path, ConvertDraft draft);

    /// <summary>Reads the file again, as whoever gets it would.</summary>
    /// <param name="path">The file.</param>
    /// <param name="draft">What it was made of.</param>
    public abstract LoadedModel ReadBack(string path, ConvertDraft draft);

    /// <summary>The format of a path.</summary>
    /// <param name="path">The path.</param>
    /// <exception cref="ModelSourceException">None ends so.</exception>
    public static ConvertTarget Of(string path) => Kinds.FirstOrDefault(kind => kind.Takes(path))
        ?? throw new ModelSourceException(
            $"{Printable.Of(path)}: ends in '{Printable.Line(Path.GetExtension(path))}', which is not written; wanted "
            + $"{string.Join(", ", Kinds.SkipLast(1).Select(kind => kind.What))} or {Kinds[^1].What}");
}
