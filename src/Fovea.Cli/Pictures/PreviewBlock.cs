using Fovea.Data.Batching;

namespace Fovea.Cli.Pictures;

/// <summary>Rows of pictures under a heading.</summary>
/// <param name="Heading">What they are.</param>
/// <param name="Columns">The lines above each column; empty for nothing.</param>
/// <param name="Rows">The pictures.</param>
internal sealed record PreviewBlock(string Heading, IReadOnlyList<IReadOnlyList<string>> Columns, IReadOnlyList<PreviewRow> Rows);

/// <summary>Pictures side by side.</summary>
/// <param name="Tiles">The pictures, with the lines beneath each.</param>
/// <param name="Name">What all of them are of, beneath the row; empty for nothing.</param>
/// <param name="Path">Where that comes from, in small print behind it.</param>
internal sealed record PreviewRow(IReadOnlyList<PreviewTile> Tiles, string Name = "", string Path = "");

/// <summary>One picture with the lines beneath it.</summary>
/// <param name="Image">The picture.</param>
/// <param name="Lines">The lines; what is too long takes several.</param>
/// <param name="File">The name of its file, on one line below them, shortened in the middle where it is too long; empty for nothing.</param>
internal sealed record PreviewTile(PreviewImage Image, IReadOnlyList<string> Lines, string File = "");
