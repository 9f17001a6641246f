using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Tensors;
using Fovea.Training.Steps;

namespace Fovea.Training.Weights;

/// <summary>Weights in and out of sessions.</summary>
public static class SessionWeights
{
    /// <summary>Loads weights into a session that trains the model; averages, where it keeps any, start at the same values.</summary>
    public static void Load(this ISession session, IReadOnlyList<(string Name, HostTensor Tensor)> weights)
    {
        foreach (var (name, tensor) in weights) session.Write(name, tensor);
        session.StartAverages();
    }

    /// <summary>The names of the variables that checkpoints keep: all but those that mean something within a batch alone.</summary>
    public static IEnumerable<string> Kept(this ISession session) => session.Variables.Where(name => !SlotNames.IsPassing(name));

    /// <summary>Sets the averages, where a session keeps any, to the present weights.</summary>
    /// <param name="session">The session.</param>
    /// <param name="except">Names of variables that are left as they are; null for none.</param>
    public static void StartAverages(this ISession session, IReadOnlySet<string>? except = null)
    {
        foreach (var slot in session.Variables.Where(name => name.StartsWith(SlotNames.Average, StringComparison.Ordinal)))
            if (except?.Contains(slot) != true) session.Write(slot, session.Read(slot[SlotNames.Average.Length..]));
    }

    /// <summary>The parameters and the state of a model: averages, where the session keeps any, otherwise the present ones.</summary>
    public static IReadOnlyList<(string Name, HostTensor Tensor)> Weights(this ISession session, Graph model)
    {
        var known = session.Variables.ToHashSet(StringComparer.Ordinal);
        string Source(string label) => known.Contains(SlotNames.Average + label) ? SlotNames.Average + label : label;
        return [.. WeightMatch.Kept(model).Select(variable => (variable.Label, session.Read(Source(variable.Label))))];
    }
}
