namespace Fovea.Hostile;

/// <summary>What came of some files.</summary>
/// <param name="Files">How many there were.</param>
/// <param name="Accepted">How many were read to the end.</param>
/// <param name="LargestBytes">The most memory that one file allocated on the thread that read it.</param>
public readonly record struct Tally(int Files, int Accepted, long LargestBytes);
