using Fovea.Options;

namespace Fovea.Data.Augment;

/// <summary>Erases squares (arXiv:1708.04552): their middles lie anywhere, so that they may reach over the border; they show the mean colour.</summary>
public sealed record Cutout : Transform
{
    /// <inheritdoc/>
    public override string Kind => "cutout";

    /// <summary>The side of a square in pixels; 1 to 8192. Default 16, as the paper has it for CIFAR-10; 8 for CIFAR-100.</summary>
    public int Length { get; init; } = 16;

    /// <summary>How many squares there are; 1 to 1000. Default 1.</summary>
    public int Holes { get; init; } = 1;

    /// <summary>The share of images of which something is erased; 0–1. Default 1.</summary>
    public double Probability { get; init; } = 1;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        checks.Within(Length, 1, 8192);
        checks.Within(Holes, 1, 1000);
        checks.Within(Probability, 0, 1);
    }

    /// <inheritdoc/>
    public override void Finish(Planes planes, ref Draws draws)
    {
        if (!draws.Chance(Probability)) return;
        for (var i = 0; i < Holes; i++)
        {
            var (x, y) = (draws.Integer(planes.Width), draws.Integer(planes.Height));
            planes.Clear(x - (Length / 2), y - (Length / 2), x - (Length / 2) + Length, y - (Length / 2) + Length);
        }
    }
}
