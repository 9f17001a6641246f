using Fovea.Naming;
using Fovea.Training.Recipes;

namespace Fovea.Recipes.Ablations;

/// <summary>Finds what two tricks set differently, so that one of them would be lost where both are on.</summary>
internal static class AblationConflicts
{
    private const string Added = "[+]";

    /// <exception cref="RecipeException">They do; the message names the option and both values.</exception>
    internal static void Check(AblationTrick first, AblationTrick second)
    {
        foreach (var (i, one) in first.Changes.Index())
            foreach (var other in second.Changes.Skip(ReferenceEquals(first, second) ? i + 1 : 0))
                if (Contradiction(one, other) is var (path, ours, theirs))
                    throw new RecipeException(
                        $"{other.Source}: {Who(first, second)} {path} to {Shown(ours)} and to {Shown(theirs)}; wanted one value"
                        + (ReferenceEquals(first, second) ? "" : ", or rows in which they are not on together"));
    }

    private static string Who(AblationTrick first, AblationTrick second) => ReferenceEquals(first, second)
        ? $"the trick '{first.Name}' sets"
        : $"the tricks '{first.Name}' and '{second.Name}' are in one row and set";

    private static string Shown(string value) => Printable.Line(value, 80);

    private static (string Path, string Ours, string Theirs)? Contradiction(RecipeOverride one, RecipeOverride other)
    {
        if (one.Path.EndsWith(Added, StringComparison.Ordinal) && other.Path.EndsWith(Added, StringComparison.Ordinal)) return null;
        if (one.Path == other.Path) return Same(one.Value, other.Value) ? null : (one.Path, one.Value, other.Value);
        if (IsBelow(other.Path, one.Path)) return Within(one, other);
        return IsBelow(one.Path, other.Path) ? Within(other, one) : null;
    }

    private static bool IsBelow(string path, string above) => path.StartsWith(above, StringComparison.Ordinal) && path[above.Length..] is ['.' or '[', ..];

    /// <summary>What is replaced as a whole, and what is set within it: that is set after, so it is lost only where the whole says otherwise.</summary>
    private static (string Path, string Ours, string Theirs)? Within(RecipeOverride whole, RecipeOverride part)
    {
        var rest = part.Path[whole.Path.Length..];
        if (rest == Added) return null;
        if (rest[0] == '[') return (part.Path, $"(a list as a whole) {whole.Value}", part.Value);
        var node = RecipeSyntax.Value(whole.Value, whole.Source);
        if (node is RecipeScalar { IsNull: false } kind)
            return rest == ".kind" && !Same(kind.Text, part.Value) ? (part.Path, kind.Text, part.Value) : null;
        foreach (var key in rest[1..].Split('.'))
        {
            if ((node as RecipeMap)?.Find(key)?.Value is not { } below) return null;
            node = below;
        }

        var ours = RecipeWriter.Flow(node);
        return Same(ours, part.Value) ? null : (part.Path, ours, part.Value);
    }

    private static bool Same(string one, string other) =>
        RecipeWriter.Flow(RecipeSyntax.Value(one, "")) == RecipeWriter.Flow(RecipeSyntax.Value(other, ""));
}
