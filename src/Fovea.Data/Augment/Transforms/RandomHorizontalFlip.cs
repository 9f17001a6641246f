namespace Fovea.Data.Augment;

/// <summary>Mirrors left and right with a probability.</summary>
/// <remarks>torchvision: <c>RandomHorizontalFlip(p)</c>.</remarks>
public sealed record RandomHorizontalFlip : Transform
{
    /// <summary>How likely it is, 0 to 1. Default 0.5.</summary>
    public double Probability { get; init; } = 0.5;

    internal override bool IsRandom => true;

    /// <inheritdoc/>
    public override void Validate()
    {
        if (!(Probability is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(Probability), $"Probability is {Probability}; wanted 0 to 1");
    }

    internal override void Apply(Canvas canvas, ref Draws draws)
    {
        if (draws.Uniform() < Probability) canvas.Mirror();
    }

    internal override (int Width, int Height)? OutputSize((int Width, int Height)? input) => input;
}
