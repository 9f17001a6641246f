namespace Fovea.Training.Parity;

/// <summary>Whether a number is near enough to what a fixture has.</summary>
internal static class Near
{
    /// <summary>What is wrong with a number that is farther away than a bound; null where it is not.</summary>
    internal static string? Absolute(string what, double found, double wanted, double bound) =>
        Math.Abs(found - wanted) <= bound ? null : FormattableString.Invariant($"{what} is {found:G9}; wanted {wanted:G9}");

    /// <summary>The same with a bound that is a part of what is wanted, where that is above 1.</summary>
    internal static string? Relative(string what, double found, double wanted, double bound) =>
        Absolute(what, found, wanted, bound * Math.Max(1, Math.Abs(wanted)));
}
