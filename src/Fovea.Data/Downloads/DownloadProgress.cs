namespace Fovea.Data.Downloads;

/// <summary>How far the download of a file is.</summary>
/// <param name="File">The file.</param>
/// <param name="Bytes">How many of its bytes are here, those of earlier attempts included.</param>
/// <param name="Total">How many there are in all; null if the server does not say.</param>
public readonly record struct DownloadProgress(string File, long Bytes, long? Total);
