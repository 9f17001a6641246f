using System.Globalization;
using System.Text.RegularExpressions;
using Fovea.Data.Augment;
using Fovea.Options;

namespace Fovea.Data.Parity;

/// <summary>The tables of torchvision's policies: magnitudes by operation and step, and the pairs of AutoAugment.</summary>
internal static partial class PolicyCases
{
    private const string Policy = "autoaugment_policy_";
    private const int MostBins = 10_000;

    private static readonly (string Prefix, MagnitudeSpace Space)[] s_spaces =
    [
        ("randaugment_space_", MagnitudeSpace.Rand), ("trivialaugment_wide_space_", MagnitudeSpace.Wide), ("autoaugment_space_", MagnitudeSpace.Auto),
    ];

    /// <summary>The result of each table among the entries of a fixture.</summary>
    internal static IEnumerable<(string Id, string? Failure)> Compare(FixtureNode root)
    {
        foreach (var name in root.Names())
        {
            if (name.StartsWith(Policy, StringComparison.Ordinal)) yield return Result(name, table => Pairs(name[Policy.Length..], table));
            foreach (var (prefix, space) in s_spaces)
                if (name.StartsWith(prefix, StringComparison.Ordinal)) yield return Result(name, table => Magnitudes(name[prefix.Length..], space, table));
        }

        (string Id, string? Failure) Result(string name, Func<FixtureNode, string?> compare) =>
            AugmentFixture.Result(root[name], name, () => compare(root[name]));
    }

    /// <summary>A table whose name says for how many steps, and for images of which size: <c>31_bins_32x32</c>, rows and columns.</summary>
    private static string? Magnitudes(string name, MagnitudeSpace space, FixtureNode table)
    {
        if (Bins().Match(name) is not { Success: true } match)
            return $"is called …{name}; wanted the steps, and the size where they depend on it: 31_bins_32x32";
        var bins = Group(1) ?? 0;
        var (height, width) = (Group(2) ?? 32, Group(3) ?? 32);
        if (bins is 0 or > MostBins) return $"has {bins} steps; wanted 1 to {MostBins}";
        if (!table.Names().SequenceEqual(space.Rows.Select(row => row.Operation.Name)))
            return $"the operations are {string.Join(", ", space.Rows.Select(row => row.Operation.Name))}; wanted {string.Join(", ", table.Names())}";
        foreach (var (operation, entry) in table.Fields)
        {
            var (row, magnitudes) = (space[operation], entry["magnitudes"]);
            if (row.IsSigned != entry["signed"].Flag()) return $"{operation} is {(row.IsSigned ? "" : "not ")}taken to either side";
            if (row.Magnitude is null)
            {
                if (magnitudes.IsList || magnitudes.Number() != 0) return $"{operation} has no magnitudes; wanted some";
                continue;
            }

            var wanted = magnitudes.Numbers(bins);
            for (var bin = 0; bin < bins; bin++)
            {
                var found = (float)row.Magnitude(bins, bin, (width, height));
                if (found != (float)wanted[bin]) return FormattableString.Invariant($"{operation} of step {bin} is {found:G9}; wanted {wanted[bin]:G9}");
            }
        }

        return null;

        int? Group(int i) => match.Groups[i].Success ? int.Parse(match.Groups[i].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : null;
    }

    private static string? Pairs(string policy, FixtureNode pairs)
    {
        var known = Enum.GetValues<AutoAugmentPolicy>().Where(one => OptionNames.SnakeCase(one.ToString()) == policy).ToArray();
        if (known.Length == 0) return $"there is no policy of the name '{policy}'";
        var (found, wanted) = (AutoAugmentPolicies.Of(known[0]), pairs.Items.Select(pair => pair.Items.Select(Step).ToArray()).ToArray());
        if (found.Count != wanted.Length) return $"there are {found.Count} pairs; wanted {wanted.Length}";
        for (var i = 0; i < wanted.Length; i++)
            if (wanted[i] is not [var first, var second] || found[i] != (first, second))
                return $"pair {i} is {found[i]}; wanted {string.Join(", ", wanted[i])}";
        return null;
    }

    /// <summary>Operation, probability and step; null in place of a step where the operation has no magnitude, and only there.</summary>
    private static AutoAugmentPolicies.Step Step(FixtureNode step)
    {
        if (step.Items is not [var name, var probability, var bin]) throw step.Wrong($"has {step.Items.Count} entries; wanted operation, probability, step");
        var rows = MagnitudeSpace.Auto.Rows.Where(row => row.Operation.Name == name.Text()).ToArray();
        if (rows.Length == 0) throw name.Wrong($"is '{name.Text()}'; wanted an operation of AutoAugment");
        if (rows[0].Magnitude is not null) return new(name.Text(), probability.Number(), bin.Integer());
        return bin.IsNull ? new(name.Text(), probability.Number(), 0) : throw bin.Wrong($"is a step of {name.Text()}, which has none; wanted null");
    }

    [GeneratedRegex(@"^(\d{1,6})_bins(?:_(\d{1,6})x(\d{1,6}))?$", RegexOptions.CultureInvariant)]
    private static partial Regex Bins();
}
