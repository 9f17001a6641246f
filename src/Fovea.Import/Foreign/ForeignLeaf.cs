using Fovea.Recipes;

namespace Fovea.Import.Foreign;

/// <summary>A key of a foreign file that has a value of its own: all of them are answered.</summary>
/// <param name="Path">The key with those around it.</param>
/// <param name="Place">Where it stands.</param>
/// <param name="Value">Its value.</param>
internal sealed record ForeignLeaf(string Path, string Place, RecipeNode Value);
