using Fovea.Graphs;

namespace Fovea.Models.Building;

/// <summary>How a linear layer starts; null stands for PyTorch's default, uniform in ±1/√inputs.</summary>
/// <param name="Weight">The weight.</param>
/// <param name="Bias">The bias.</param>
public sealed record LinearInitial(Initializer? Weight = null, Initializer? Bias = null)
{
    /// <summary>
    /// That of timm's transformers: normal with deviation 0.02, bias 0. Their trunc_normal_ cuts at ±2, a hundred deviations, where nothing is.
    /// </summary>
    public static LinearInitial Small { get; } = new(new Initializer.Normal(0.02), Initializer.Zeros);
}
