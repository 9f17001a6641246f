using Fovea.Data.Decoding;
using Fovea.Data.Parity;
using Fovea.Graphs;
using Fovea.Options;
using Fovea.Tensors;
using Fovea.Training.State;

namespace Fovea.Training.Parity;

/// <summary>How one case of a fixture becomes a result.</summary>
internal static class ComponentCase
{
    /// <summary>The result of a case: what <paramref name="compare"/> finds, or the fields that it has not read.</summary>
    /// <param name="entry">The case.</param>
    /// <param name="id">Its name.</param>
    /// <param name="compare">What is wrong with it; null where nothing is.</param>
    internal static ComponentResult Result(FixtureNode entry, string id, Func<string?> compare)
    {
        try
        {
            return new(id, compare() ?? entry.Unknown());
        }
        catch (Exception e) when (e is ArgumentException or OverflowException or ShapeException or GraphException or ImageException or TrainingException)
        {
            return new(id, $"{entry.Where}: cannot be computed: {e.Message}");
        }
        finally
        {
            entry.Close();
        }
    }

    /// <summary>What is wrong with options that nobody could train with; null where nothing is.</summary>
    internal static string? Problem(IOptions options)
    {
        var problems = new List<OptionProblem>();
        options.Check(new(problems));
        return problems.Count == 0 ? null : string.Join("; ", problems);
    }
}
