namespace Fovea.Backends.OneDnn.Interop;

/// <summary>What the names of implementations tell.</summary>
internal static class Implementations
{
    /// <summary>Whether it is the library's plain code, which is not optimised.</summary>
    internal static bool IsSlow(string name) => name.StartsWith("ref", StringComparison.Ordinal) || name.StartsWith("simple", StringComparison.Ordinal);
}
