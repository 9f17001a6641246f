namespace Fovea.Data.Sources;

/// <summary>An image that could not be used.</summary>
/// <param name="Index">Its number in the source.</param>
/// <param name="Key">Its path within the data set.</param>
/// <param name="ClassName">Its class.</param>
/// <param name="Message">Where, what is wrong, what was wanted.</param>
/// <param name="MovedTo">Where it was moved to, or <see langword="null"/>.</param>
public sealed record BadImage(int Index, string Key, string ClassName, string Message, string? MovedTo = null);
