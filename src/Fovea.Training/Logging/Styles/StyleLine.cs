namespace Fovea.Training.Logging.Styles;

/// <summary>A line, or several that belong together.</summary>
/// <param name="Text">The text, without time and place.</param>
/// <param name="Place">Where in the other system it comes from, as its lines say it; empty where they do not.</param>
internal readonly record struct StyleLine(string Text, string Place = "")
{
    /// <summary>Whether it is printed without time and place, and kept in no file. Default false.</summary>
    internal bool IsBare { get; init; }

    /// <summary>A line that is printed alone.</summary>
    internal static StyleLine Bare(string text) => new(text) { IsBare = true };
}
