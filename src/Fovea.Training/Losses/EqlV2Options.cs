using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Options;

namespace Fovea.Training.Losses;

/// <summary>
/// Equalization loss v2 (arXiv:2012.08548): binary cross-entropy, summed over classes, in which each class is weighted by how much its own images have
/// pushed it up so far compared with how much others have pushed it down. What has been summed is part of the checkpoint.
/// </summary>
public sealed record EqlV2Options : LossOptions
{
    private const double Largest = 1000;

    /// <summary>As long as nothing is known, classes count as well balanced, so that all weights are 1.</summary>
    private const double Balanced = 100;
    private const double Smallest = 1e-10;

    /// <inheritdoc/>
    public override string Kind => "eqlv2";

    /// <summary>γ, how steep the weights change with the balance of a class; 0–1000. Default 12.</summary>
    public double Gamma { get; init; } = 12;

    /// <summary>μ, the balance at which they are halfway; 0–1000. Default 0.8.</summary>
    public double Mu { get; init; } = 0.8;

    /// <summary>α, how much more a class that is pushed down learns from its own images; 0–1000. Default 4.</summary>
    public double Alpha { get; init; } = 4;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.AtLeast(Gamma, 0, Largest);
        checks.AtLeast(Mu, 0, Largest);
        checks.AtLeast(Alpha, 0, Largest);
    }

    /// <inheritdoc/>
    public override Value PerSample(LossInputs inputs)
    {
        var (z, t, others) = (inputs.Logits, inputs.Distribution, inputs.Distribution.OneMinus());
        var (up, down, balance) = (inputs.State("positive"), inputs.State("negative"), inputs.State("balance", Balanced));
        var f = balance.Affine(Gamma, -Gamma * Mu).Sigmoid();
        var weights = t.Times(f.Affine(-Alpha, 1 + Alpha)).Plus(others.Times(f));
        var push = z.Sigmoid().Minus(t).Magnitude().Times(weights);
        var (nextUp, nextDown) = (up.Plus(push.Times(t).Sum(0)), down.Plus(push.Times(others).Sum(0)));
        inputs.Graph.Update(up, nextUp);
        inputs.Graph.Update(down, nextDown);
        inputs.Graph.Update(balance, nextUp.Over(nextDown.Plus(Smallest)));
        return z.BinaryCrossEntropy(t).Times(weights).Sum(1);
    }
}
