namespace Fovea.Formats;

/// <summary>Tells failures of writing to files from others.</summary>
public static class WriteFailure
{
    /// <summary>Whether an exception says that something cannot be written: a full disk, a folder without permission, a file over its limit.</summary>
    public static bool Is(Exception e) => e is IOException or UnauthorizedAccessException || IsTooLarge(e);

    /// <summary>Whether it says that a file is over the limit of its size; .NET makes an argument out of range of that (EFBIG).</summary>
    public static bool IsTooLarge(Exception e) => e is ArgumentOutOfRangeException { ParamName: "value" }
        && e.StackTrace?.Contains("System.IO.", StringComparison.Ordinal) == true;
}
