namespace Fovea.Tables;

/// <summary>A table cannot be made of what was given.</summary>
public sealed class TableException : Exception
{
    /// <summary>What is wrong, where, and what was wanted.</summary>
    public TableException(string message)
        : base(message)
    {
    }

    /// <summary>The same, because of something else.</summary>
    public TableException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
