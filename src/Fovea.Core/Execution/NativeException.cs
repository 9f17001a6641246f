namespace Fovea.Execution;

/// <summary>A call into a native library failed, or the library is missing; the message quotes the call or says how to install it.</summary>
public sealed class NativeException : Exception
{
    /// <summary>An exception with a message that says what was called and what it answered.</summary>
    public NativeException(string message)
        : base(message)
    {
    }
}
