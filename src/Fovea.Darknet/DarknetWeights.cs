using Fovea.Tensors;

namespace Fovea.Darknet;

/// <summary>What a file of weights holds.</summary>
/// <param name="Header">Its header.</param>
/// <param name="Tensors">Its tensors by name (<c>12.weights</c>), in their order; what the cfg says not to load is not among them.</param>
public sealed record DarknetWeights(WeightsHeader Header, IReadOnlyList<(string Name, HostTensor Tensor)> Tensors)
{
    /// <summary>The end of such a file's name.</summary>
    public const string Extension = ".weights";
}
