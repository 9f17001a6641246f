using Fovea.Naming;

namespace Fovea.Data.Sources;

/// <summary>What is said of classes without images, and what can be done about them.</summary>
internal static class EmptyClasses
{
    /// <summary>What is wanted where classes without images are refused.</summary>
    public const string Wanted =
        "at least one image of each class: add some, or remove the class, its folder or its name in a list of names (programs: OpenOptions.AllowEmptyClasses)";

    /// <summary>That classes have nothing to be learnt from.</summary>
    /// <param name="place">Where.</param>
    /// <param name="names">The classes.</param>
    public static string Untrained(string place, IReadOnlyCollection<string> names) =>
        $"{Printable.Of(place)}: no training images of {ClassFolders.Listed(names)}; 'fovea data stats {Printable.Of(place)}' counts those of all classes";

    /// <summary>That classes have nothing to be judged by.</summary>
    /// <param name="place">Where.</param>
    /// <param name="names">The classes.</param>
    public static string Unjudged(string place, IReadOnlyCollection<string> names) =>
        $"{Printable.Of(place)}: no images of {ClassFolders.Listed(names)}; 'fovea data split' divides all images anew, with some of each class";
}
