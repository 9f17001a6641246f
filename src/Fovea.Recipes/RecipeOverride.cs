using Fovea.Naming;
using Fovea.Training.Recipes;

namespace Fovea.Recipes;

/// <summary>A value that the command line gives to an option of the recipe.</summary>
/// <param name="Source">What stands on the command line, for messages: <c>--set train.epochs=5</c>, <c>--model resnet20</c>.</param>
/// <param name="Path">The option: <c>train.epochs</c>.</param>
/// <param name="Value">The value in YAML.</param>
public sealed record RecipeOverride(string Source, string Path, string Value)
{
    private const int LongestShown = 200;

    /// <summary>The value of a <c>--set</c>.</summary>
    /// <exception cref="RecipeException">It is not of the form KEY=VALUE, or the value is no YAML.</exception>
    public static RecipeOverride Parse(string text) => Parse(text, "--set");

    /// <summary>The value of a flag that is written like <c>--set</c>.</summary>
    /// <param name="text">What stands behind the flag.</param>
    /// <param name="flag">The flag, for messages.</param>
    /// <exception cref="RecipeException">It is not of the form KEY=VALUE, or the value is no YAML.</exception>
    public static RecipeOverride Parse(string text, string flag)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (source, at) = ($"{flag} {Printable.Line(text, LongestShown)}", text.IndexOf('=', StringComparison.Ordinal));
        if (at <= 0) throw new RecipeException($"{source}: wanted KEY=VALUE, as in optimizer.learning_rate=0.2");
        var value = text[(at + 1)..];
        RecipeSyntax.Value(value, source);
        return new(source, text[..at].Trim(), value);
    }
}
