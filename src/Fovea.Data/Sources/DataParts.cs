namespace Fovea.Data.Sources;

/// <summary>A data set in two parts with one list of classes.</summary>
/// <param name="Train">What is trained on.</param>
/// <param name="Validation">What is evaluated on; may be empty.</param>
/// <param name="Warnings">What is odd about the data but no error, one line each.</param>
public sealed record DataParts(IImageSource Train, IImageSource Validation, IReadOnlyList<string> Warnings)
{
    /// <summary>The classes: those of class folders in ordinal order of their names.</summary>
    public IReadOnlyList<string> ClassNames => Train.ClassNames;
}
