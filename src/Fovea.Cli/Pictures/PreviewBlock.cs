using Fovea.Data.Batching;

namespace Fovea.Cli.Pictures;

/// <summary>Rows of pictures under a heading.</summary>
/// <param name="Heading">What they are.</param>
/// <param name="Columns">What stands above each column; empty for nothing.</param>
/// <param name="Rows">The pictures, with the lines beneath each.</param>
internal sealed record PreviewBlock(string Heading, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<PreviewTile>> Rows);

/// <summary>One picture with the lines beneath it.</summary>
internal sealed record PreviewTile(PreviewImage Image, IReadOnlyList<string> Lines);
