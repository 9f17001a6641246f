namespace Fovea.Conformance;

/// <summary>A backend or an operation is not what its definition says.</summary>
public sealed class ConformanceException(string message) : Exception(message);
