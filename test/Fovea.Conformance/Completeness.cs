using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Conformance;

/// <summary>What every operation must have, found by reflection. An exemption carries a reason, and one that is no longer needed is reported.</summary>
public static class Completeness
{
    /// <summary>Every kind of operation that can be applied.</summary>
    public static IReadOnlyList<Type> OpTypes { get; } =
    [
        .. typeof(Op).Assembly.GetTypes()
            .Where(type => type.IsAssignableTo(typeof(Op)) && !type.IsAbstract)
            .OrderBy(type => type.Name, StringComparer.Ordinal),
    ];

    /// <summary>The names of what is missing and not exempt, and of exemptions that are not needed.</summary>
    /// <param name="names">Everything that must have it.</param>
    /// <param name="has">What has it.</param>
    /// <param name="exempt">What need not have it, with the reason.</param>
    public static IReadOnlyList<string> Problems(IEnumerable<string> names, IEnumerable<string> has, IReadOnlyDictionary<string, string> exempt)
    {
        var (all, having) = (names.ToHashSet(StringComparer.Ordinal), has.ToHashSet(StringComparer.Ordinal));
        return
        [
            .. all.Where(name => !having.Contains(name) && !exempt.ContainsKey(name)).Select(name => $"{name} is missing"),
            .. exempt.Keys.Where(having.Contains).Select(name => $"{name} is exempt («{exempt[name]}») but need not be"),
            .. exempt.Keys.Where(name => !all.Contains(name)).Select(name => $"{name} is exempt («{exempt[name]}») but does not exist"),
        ];
    }

    /// <summary>The operation that reading the printed attributes of another gives.</summary>
    public static Op Reread(Op op)
    {
        var attributes = new AttributeWriter();
        op.Print(attributes);
        return OpTable.Parse(op.Name, attributes.ToString().Trim('{', '}'));
    }
}
