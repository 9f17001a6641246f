using Fovea.Data.Sources;

namespace Fovea.Cli.Work;

/// <summary>The data of a run, and how it is read, so that later commands read it in the same way.</summary>
/// <param name="Place">The place, as it is called from any folder.</param>
/// <param name="Options">How it is read.</param>
internal sealed record RunData(string Place, SourceOptions Options);
