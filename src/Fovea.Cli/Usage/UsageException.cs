namespace Fovea.Cli.Usage;

/// <summary>The command line cannot be meant: exit code 2.</summary>
internal sealed class UsageException(string message, Exception? inner = null) : Exception(message, inner);
