using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Options;
using Fovea.Training.Losses;

namespace Programs;

/// <summary>Cross-entropy and ε·(1 − p) of the right class (arXiv:2204.12511).</summary>
public sealed record PolyLoss : LossOptions
{
    public override string Kind => "poly";

    /// <summary>ε; −1 to 100. Default 1.</summary>
    public double Epsilon { get; init; } = 1;

    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Within(Epsilon, -1, 100);
    }

    public override Value PerSample(LossInputs inputs)
    {
        var (target, log) = (inputs.Distribution, inputs.Logits.LogSoftmax());
        var crossEntropy = target.Times(log).Sum(1).Times(-1);
        var right = target.Times(log.Exp()).Sum(1);
        return crossEntropy.Plus(right.OneMinus().Times(Epsilon));
    }
}
