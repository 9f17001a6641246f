namespace Fovea.Hostile;

/// <summary>A reader did with a hostile file what it may not: the message says with which.</summary>
public sealed class HostileException(string message, Exception? inner = null) : Exception(message, inner);
