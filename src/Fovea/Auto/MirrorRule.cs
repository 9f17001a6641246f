namespace Fovea.Auto;

/// <summary>Whether a mirror image of a picture still shows its class.</summary>
internal static class MirrorRule
{
    private static readonly (string Left, string Right)[] s_sides = [("left", "right"), ("links", "rechts"), ("gauche", "droite"), ("izquierda", "derecha")];

    /// <summary>Why mirror images are not of the same class; null where nothing says so.</summary>
    internal static string? Against(DataSummary data)
    {
        if (data.ClassNames.All(name => name.Length == 1 && char.IsLetterOrDigit(name[0]))) return "the classes are digits or letters";
        if (data.IsGrey && data.MedianSide <= NetLadder.SmallSide) return "small grey images are mostly digits and letters";
        var names = data.ClassNames.ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var name in data.ClassNames)
            foreach (var (left, right) in s_sides)
                if (name.Contains(left, StringComparison.OrdinalIgnoreCase) && names.Contains(name.Replace(left, right, StringComparison.OrdinalIgnoreCase)))
                    return $"'{name}' has its mirror image among the classes";
        return null;
    }
}
