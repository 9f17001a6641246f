using Fovea.Options;

namespace Fovea.Training.Recipes;

/// <summary>A part of what is frozen that trains from an epoch on: <c>{after: 2, names: [layer4]}</c>.</summary>
public sealed record ThawStage : IOptions
{
    /// <summary>The epochs after which it trains, more than those of the stage before; 1–1 000 000. Default 1.</summary>
    public int After { get; init; } = 1;

    /// <summary>What trains then, spelt as in <c>freeze.names</c>. It has no default.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <inheritdoc/>
    public void Check(OptionChecks checks)
    {
        checks.Within(After, 1, 1_000_000);
        if (Names.Count == 0 || Names.Any(string.IsNullOrEmpty))
            checks.Fail(nameof(Names), Names.Count == 0 ? "none" : "an empty name", "names of parameters or modules, as layer4");
    }
}
