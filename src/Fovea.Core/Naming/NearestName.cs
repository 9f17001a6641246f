namespace Fovea.Naming;

/// <summary>Finds what a mistyped name may have meant.</summary>
public static class NearestName
{
    /// <summary>No name of ours is longer; the time that a comparison takes grows with the square of it.</summary>
    private const int Longest = 100;

    /// <summary>The nearest of the known names, or null when none is near: more than a third of its letters, and at least two, would change.</summary>
    /// <remarks>Names of more than 100 letters are near to none.</remarks>
    public static string? Of(string name, IEnumerable<string> known)
    {
        if (name.Length > Longest) return null;
        var nearest = known
            .Where(candidate => candidate.Length <= Longest)
            .Select(candidate => (Name: candidate, Distance: Distance(name, candidate)))
            .OrderBy(candidate => candidate.Distance).ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .FirstOrDefault();
        return nearest.Name is not null && nearest.Distance <= Math.Max(2, nearest.Name.Length / 3) ? nearest.Name : null;
    }

    /// <summary>"; did you mean 'x'?", or nothing.</summary>
    public static string Hint(string name, IEnumerable<string> known) => Of(name, known) is { } nearest ? $"; did you mean '{nearest}'?" : "";

    /// <summary>The known names of which some part is nearest to a text, the nearest first; of names as near, those that come first.</summary>
    /// <param name="text">What was meant, or part of it; of more than 100 letters the first.</param>
    /// <param name="known">The names.</param>
    /// <param name="most">How many are wanted at most.</param>
    public static IReadOnlyList<string> Around(string text, IEnumerable<string> known, int most)
    {
        if (text.Length > Longest) text = text[..Longest];
        return [.. known.OrderBy(name => DistanceWithin(text, name)).Take(most)];
    }

    /// <summary>Letters of a text to add, remove or replace until it is some part of a name, whatever their case (Sellers 1980).</summary>
    private static int DistanceWithin(string text, string name)
    {
        var (above, row) = (new int[name.Length + 1], new int[name.Length + 1]);
        for (var i = 1; i <= text.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= name.Length; j++)
                row[j] = Math.Min(above[j - 1] + (Same(text[i - 1], name[j - 1]) ? 0 : 1), 1 + Math.Min(above[j], row[j - 1]));
            (above, row) = (row, above);
        }

        return above.Min();
    }

    /// <summary>Letters to add, remove, replace or swap with their neighbour (optimal string alignment), whatever their case.</summary>
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = d[i - 1, j - 1] + (Same(a[i - 1], b[j - 1]) ? 0 : 1);
                d[i, j] = Math.Min(replaced, 1 + Math.Min(d[i - 1, j], d[i, j - 1]));
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1])) d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }

        return d[a.Length, b.Length];
    }

    private static bool Same(char a, char b) => char.ToLowerInvariant(a) == char.ToLowerInvariant(b);
}
