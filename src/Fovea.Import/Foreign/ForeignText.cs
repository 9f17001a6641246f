using Fovea.Recipes;
using Fovea.Training.Recipes;

namespace Fovea.Import.Foreign;

/// <summary>The text of a file; its YAML is read once, when somebody asks for it.</summary>
/// <param name="text">The text.</param>
/// <param name="file">Its name in messages.</param>
internal sealed class ForeignText(string text, string file)
{
    private readonly Lazy<RecipeMap> _yaml = new(() => RecipeSyntax.Document(text, file, anchors: true));

    /// <summary>The name in messages.</summary>
    internal string File => file;

    /// <summary>The text.</summary>
    internal string Text => text;

    /// <summary>What it holds as YAML.</summary>
    /// <exception cref="RecipeException">It is none.</exception>
    internal RecipeMap Yaml => _yaml.Value;
}
