namespace Fovea.Training.Logging.Styles;

/// <summary>A file with a row for each epoch.</summary>
/// <param name="Name">Its name in the folder of the run.</param>
/// <param name="Header">Its first line.</param>
/// <param name="Row">The row of an epoch.</param>
/// <param name="EpochOf">The epoch of a row, from 1; null for a line that is none.</param>
internal sealed record StyleTable(string Name, string Header, Func<EpochReport, TrainingMeters, string> Row, Func<string, int?> EpochOf);
