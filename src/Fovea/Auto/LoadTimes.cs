namespace Fovea.Auto;

/// <summary>What it takes to make an image ready for a step, all cores at it.</summary>
/// <param name="First">Seconds to read, decode and augment it.</param>
/// <param name="Again">Seconds in a later epoch: less where decoded images are kept in memory.</param>
public readonly record struct LoadTimes(double First, double Again);
