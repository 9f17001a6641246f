using Fovea.Options;

namespace Fovea.Data.Augment;

/// <summary>Hides patches of a grid, each with a probability (arXiv:1704.04232): they show the mean colour.</summary>
public sealed record HideAndSeek : Transform
{
    /// <inheritdoc/>
    public override string Kind => "hide_and_seek";

    /// <summary>The sides of patches in pixels, of which each image takes one at random; 0 hides nothing. Default 0, 16, 32, 44, 56.</summary>
    public IReadOnlyList<int> Sizes { get; init; } = [0, 16, 32, 44, 56];

    /// <summary>The share of patches that are hidden; 0–1. Default 0.5.</summary>
    public double Probability { get; init; } = 0.5;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        checks.Within(Probability, 0, 1);
        if (Sizes.Count == 0 || Sizes.Any(size => size is < 0 or > 8192))
            checks.Fail(nameof(Sizes), $"[{string.Join(", ", Sizes)}]", "whole numbers of 0 to 8192, at least one");
    }

    /// <inheritdoc/>
    public override void Finish(Planes planes, ref Draws draws)
    {
        var size = Sizes[draws.Integer(Sizes.Count)];
        if (size == 0) return;
        for (var y = 0; y < planes.Height; y += size)
            for (var x = 0; x < planes.Width; x += size)
                if (draws.Chance(Probability)) planes.Clear(x, y, x + size, y + size);
    }
}
