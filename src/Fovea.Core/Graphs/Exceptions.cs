namespace Fovea.Graphs;

/// <summary>A gradient was asked of an operation that has none.</summary>
public sealed class NotDifferentiableException(string message) : Exception(message);

/// <summary>A graph breaks one of its invariants, or its text cannot be read.</summary>
public sealed class GraphException(string message) : Exception(message);
