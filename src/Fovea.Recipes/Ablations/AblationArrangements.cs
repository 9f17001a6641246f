namespace Fovea.Recipes.Ablations;

/// <summary>Rows by rule.</summary>
internal static class AblationArrangements
{
    internal const int MostTricksInFull = 10;

    /// <summary>The rows of an arrangement.</summary>
    internal static IEnumerable<AblationRow> Rows(AblationArrangement arrangement, IReadOnlyList<AblationTrick> tricks) => arrangement switch
    {
        AblationArrangement.Each => [.. Sized(tricks, 0), .. Sized(tricks, 1)],
        AblationArrangement.Without => [new(tricks), .. tricks.Select(left => new AblationRow([.. tricks.Where(trick => trick != left)]))],
        AblationArrangement.Pairs => [.. Sized(tricks, 0), .. Sized(tricks, 1), .. Sized(tricks, 2)],
        _ => Enumerable.Range(0, tricks.Count + 1).SelectMany(size => Sized(tricks, size)),
    };

    /// <summary>The combinations of so many tricks, in the order of the tricks.</summary>
    private static IEnumerable<AblationRow> Sized(IReadOnlyList<AblationTrick> tricks, int size) =>
        Choices(tricks, 0, size).Select(choice => new AblationRow([.. choice]));

    private static IEnumerable<IEnumerable<AblationTrick>> Choices(IReadOnlyList<AblationTrick> tricks, int from, int size)
    {
        if (size == 0)
        {
            yield return [];
            yield break;
        }

        for (var first = from; first <= tricks.Count - size; first++)
            foreach (var rest in Choices(tricks, first + 1, size - 1)) yield return rest.Prepend(tricks[first]);
    }
}
