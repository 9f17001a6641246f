namespace Fovea.Cli.Usage;

/// <summary>A bound on a result does not hold, and nothing was left behind: exit code 3.</summary>
internal sealed class GateException(string message) : Exception(message);
