namespace Fovea.Data.Parity;

/// <summary>A field of a fixture is missing, or is none that can be compared with.</summary>
/// <param name="where">The field: <c>cases[3] (sgd).params.lr</c>; empty for the fixture as a whole.</param>
/// <param name="problem">What it is, and what was wanted.</param>
public sealed class FixtureException(string where, string problem) : Exception(where.Length == 0 ? problem : $"{where}: {problem}")
{
    /// <summary>The field.</summary>
    public string Where { get; } = where;

    /// <summary>What it is, and what was wanted.</summary>
    public string Problem { get; } = problem;
}
