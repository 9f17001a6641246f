using Fovea.Tensors;

namespace Fovea.Training.Initializers;

/// <summary>He et al. 2015, arXiv:1502.01852: normal with the deviation gain / √fan. PyTorch: <c>kaiming_normal_</c>; Keras: HeNormal, but not cut.</summary>
public sealed record KaimingNormalOptions : KaimingRuleOptions
{
    /// <inheritdoc/>
    public override string Kind => "kaiming_normal";

    /// <inheritdoc/>
    protected override void Fill(InitWeight weight, Philox draws, Span<float> values) => Normal(draws, 0, Deviation(weight), values);
}
