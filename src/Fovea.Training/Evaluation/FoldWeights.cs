using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Training.Evaluation;

/// <summary>Makes a faster model of the same function, for example by folding batch norms into convolutions.</summary>
/// <param name="graph">The inference graph.</param>
/// <param name="weights">Its parameters and state.</param>
/// <returns>The other graph, with the same input and <c>logits</c>, and its weights. The graph follows from the first argument alone.</returns>
public delegate (Graph Graph, IReadOnlyList<(string Name, HostTensor Tensor)> Weights) FoldWeights(
    Graph graph, IReadOnlyList<(string Name, HostTensor Tensor)> weights);
