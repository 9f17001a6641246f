using Fovea.Data.Sources;

namespace Fovea.Data.Sets;

/// <summary>A kind of data set beside class folders.</summary>
internal interface IDataKind
{
    /// <summary>Reads a place.</summary>
    /// <returns>Null if it holds something else.</returns>
    /// <exception cref="DataException">It is of this kind, but damaged.</exception>
    DataSet? TryRead(string place, SourceOptions options, CancellationToken stop);
}
