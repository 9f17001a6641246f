using Fovea.Graphs;
using Fovea.Training.Weights;

namespace Fovea.Sources;

/// <summary>How the tensors of a file fit a model, in the spelling of names in which they do best.</summary>
/// <param name="Graph">The model, in the form that they are of.</param>
/// <param name="IsDeployed">Whether that is the deploy form, with branches and norms folded into convolutions.</param>
/// <param name="Spelling">Whose spelling it is; empty for the catalogue's own.</param>
/// <param name="Tensors">The tensors of the file, under the catalogue's names.</param>
/// <param name="Match">What can be taken, and what cannot.</param>
public sealed record WeightFit(Graph Graph, bool IsDeployed, string Spelling, IReadOnlyList<SpeltTensor> Tensors, WeightMatch Match)
{
    /// <summary>How the names were found; empty for by themselves.</summary>
    public string Note { get; init; } = "";

    /// <summary>The more of the names are the model's, and then the more of the shapes, the better.</summary>
    internal (int Named, int Taken) Score => (Match.Taken.Count + Match.Mismatched.Count, Match.Taken.Count);

    /// <summary>The tensors that the model takes, each with what the file calls it.</summary>
    public IEnumerable<SpeltTensor> Keys
    {
        get
        {
            var taken = Match.Taken.Select(entry => entry.Name).ToHashSet(StringComparer.Ordinal);
            return Tensors.Where(tensor => taken.Contains(tensor.Name));
        }
    }

    /// <summary>What the file calls the tensors that are not the model's.</summary>
    public IEnumerable<string> Unexpected
    {
        get
        {
            var names = Match.Unexpected.ToHashSet(StringComparer.Ordinal);
            return Tensors.Where(tensor => names.Contains(tensor.Name)).Select(tensor => tensor.Source);
        }
    }
}
