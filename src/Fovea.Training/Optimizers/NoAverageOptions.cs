using Fovea.Options;

namespace Fovea.Training.Optimizers;

/// <summary>No averages: the weights are evaluated as they are.</summary>
public sealed record NoAverageOptions : AverageOptions
{
    /// <inheritdoc/>
    public override string Kind => "none";

    /// <inheritdoc/>
    public override double ShareAt(long step) => 0;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
    }
}
