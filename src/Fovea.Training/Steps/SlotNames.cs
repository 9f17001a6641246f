namespace Fovea.Training.Steps;

/// <summary>How the slots of a training run are called: what it keeps for each parameter, then a stroke, then the parameter.</summary>
public static class SlotNames
{
    /// <summary>The averaged weights: <c>ema/layer1.0.conv1.weight</c>.</summary>
    public const string Average = "ema/";

    /// <summary>The gradient that is being accumulated, summed over images.</summary>
    public const string Gradient = "grad/";

    /// <summary>Whether a variable of that name is a slot; names in models have no stroke.</summary>
    public static bool IsSlot(string name) => name.Contains('/', StringComparison.Ordinal);
}
