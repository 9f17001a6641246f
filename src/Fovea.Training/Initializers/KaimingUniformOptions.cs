using Fovea.Tensors;

namespace Fovea.Training.Initializers;

/// <summary>He et al. 2015, arXiv:1502.01852: uniform within ±gain·√(3 / fan). PyTorch: <c>kaiming_uniform_</c>; Keras: HeUniform.</summary>
public sealed record KaimingUniformOptions : KaimingRuleOptions
{
    /// <inheritdoc/>
    public override string Kind => "kaiming_uniform";

    /// <inheritdoc/>
    protected override void Fill(InitWeight weight, Philox draws, Span<float> values) => Uniform(draws, Math.Sqrt(3) * Deviation(weight), values);
}
