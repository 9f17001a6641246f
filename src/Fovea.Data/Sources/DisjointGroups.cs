namespace Fovea.Data.Sources;

/// <summary>Numbers that are joined to groups (union–find with path halving; the smallest number stands for its group).</summary>
internal sealed class DisjointGroups(int count)
{
    private readonly int[] _parents = [.. Enumerable.Range(0, count)];

    /// <summary>The smallest number of the group.</summary>
    public int Find(int number)
    {
        while (_parents[number] != number) number = _parents[number] = _parents[_parents[number]];
        return number;
    }

    /// <summary>Joins the groups of two numbers.</summary>
    public void Join(int first, int second)
    {
        var (a, b) = (Find(first), Find(second));
        _parents[Math.Max(a, b)] = Math.Min(a, b);
    }

    /// <summary>The groups of two and more, ascending, each ascending.</summary>
    public IReadOnlyList<IReadOnlyList<int>> All() =>
        [.. Enumerable.Range(0, _parents.Length).GroupBy(Find).Where(group => group.Skip(1).Any()).Select(group => (IReadOnlyList<int>)[.. group])];
}
