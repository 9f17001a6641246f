using System.Globalization;
using System.Text.Json;
using Fovea.Data.Augment;
using Fovea.Options;

namespace Fovea.Data.Parity;

/// <summary>The tables of torchvision's policies: magnitudes by operation and step, and the pairs of AutoAugment.</summary>
internal static class PolicyCases
{
    private static readonly (string Prefix, MagnitudeSpace Space)[] s_spaces =
    [
        ("randaugment_space_", MagnitudeSpace.Rand), ("trivialaugment_wide_space_", MagnitudeSpace.Wide), ("autoaugment_space_", MagnitudeSpace.Auto),
    ];

    private const string Policy = "autoaugment_policy_";

    /// <summary>The result of each table among the entries of a fixture.</summary>
    internal static IEnumerable<(string Id, string? Failure)> Compare(JsonElement root)
    {
        foreach (var entry in root.EnumerateObject())
        {
            if (entry.Name.StartsWith(Policy, StringComparison.Ordinal)) yield return (entry.Name, Pairs(entry.Name[Policy.Length..], entry.Value));
            foreach (var (prefix, space) in s_spaces)
                if (entry.Name.StartsWith(prefix, StringComparison.Ordinal))
                    yield return (entry.Name, Magnitudes(entry.Name[prefix.Length..], space, entry.Value));
        }
    }

    /// <summary>A table whose name says for how many steps, and for images of which size: <c>31_bins_32x32</c>, rows and columns.</summary>
    private static string? Magnitudes(string name, MagnitudeSpace space, JsonElement table)
    {
        var parts = name.Split('_');
        var bins = int.Parse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture);
        var size = parts.Length > 2 ? parts[2].Split('x') : ["32", "32"];
        var (height, width) = (int.Parse(size[0], CultureInfo.InvariantCulture), int.Parse(size[^1], CultureInfo.InvariantCulture));
        var names = table.EnumerateObject().Select(entry => entry.Name).ToArray();
        if (!names.SequenceEqual(space.Rows.Select(row => row.Operation.Name)))
            return $"the operations are {string.Join(", ", space.Rows.Select(row => row.Operation.Name))}; wanted {string.Join(", ", names)}";
        foreach (var (operation, entry) in table.EnumerateObject().Select(entry => (entry.Name, entry.Value)))
        {
            var (row, magnitudes) = (space[operation], entry.GetProperty("magnitudes"));
            if (row.IsSigned != entry.GetProperty("signed").GetBoolean()) return $"{operation} is {(row.IsSigned ? "" : "not ")}taken to either side";
            if (magnitudes.ValueKind == JsonValueKind.Array != row.Magnitude is not null)
                return $"{operation} has {(row.Magnitude is null ? "no " : "")}magnitudes";
            for (var bin = 0; row.Magnitude is not null && bin < bins; bin++)
            {
                var (found, wanted) = ((float)row.Magnitude(bins, bin, (width, height)), magnitudes[bin].GetSingle());
                if (found != wanted)
                    return FormattableString.Invariant($"{operation} of step {bin} is {found:G9}; wanted {wanted:G9}");
            }
        }

        return null;
    }

    private static string? Pairs(string policy, JsonElement pairs)
    {
        var known = Enum.GetValues<AutoAugmentPolicy>().Where(one => OptionNames.SnakeCase(one.ToString()) == policy).ToArray();
        if (known.Length == 0) return $"there is no policy of the name '{policy}'";
        var (found, wanted) = (AutoAugmentPolicies.Of(known[0]), pairs.EnumerateArray().Select(pair => (Step(pair[0]), Step(pair[1]))).ToArray());
        if (found.Count != wanted.Length) return $"there are {found.Count} pairs; wanted {wanted.Length}";
        for (var i = 0; i < wanted.Length; i++)
            if (found[i] != wanted[i]) return $"pair {i} is {found[i]}; wanted {wanted[i]}";
        return null;

        static AutoAugmentPolicies.Step Step(JsonElement step) =>
            new(step[0].GetString()!, step[1].GetDouble(), step[2].ValueKind == JsonValueKind.Null ? 0 : step[2].GetInt32());
    }
}
