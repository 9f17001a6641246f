namespace Fovea.Options;

/// <summary>Options that belong together: a section of a recipe, in which each public property that can be set is a key.</summary>
/// <remarks>
/// Options are records with a default for every property. Their documentation comments are the pages that users read: what an option does, its unit,
/// its range, its default, the paper.
/// </remarks>
public interface IOptions
{
    /// <summary>Tells what is out of range.</summary>
    void Check(OptionChecks checks);
}
