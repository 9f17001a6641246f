using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Training.Tests.Deploying;

/// <summary>Weights as after training: no statistic is zero or one.</summary>
internal static class TinyWeights
{
    internal static Dictionary<string, HostTensor> Of(Graph graph) => graph.Variables.Select(value => value.Variable!)
        .Where(variable => variable.Kind != VariableKind.Input)
        .ToDictionary(
            variable => variable.Label,
            variable => Random(variable.Type, Philox.Hash(variable.Label), variable.Label.EndsWith("var", StringComparison.Ordinal)));

    internal static HostTensor Random(TensorType type, ulong stream, bool isPositive = false)
    {
        var (draws, tensor) = (new Philox(3, stream), new HostTensor(type));
        for (var i = 0; i < tensor.Floats.Length; i++) tensor.Floats[i] = (float)(draws.Uniform((ulong)i) + (isPositive ? 0.5 : -0.5));
        return tensor;
    }
}
