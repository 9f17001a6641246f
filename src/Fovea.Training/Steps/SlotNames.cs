namespace Fovea.Training.Steps;

/// <summary>How the slots of a training run are called: what it keeps for each parameter, then a stroke, then the parameter.</summary>
public static class SlotNames
{
    /// <summary>The averaged weights: <c>ema/layer1.0.conv1.weight</c>.</summary>
    public const string Average = "ema/";

    /// <summary>The gradient that is being accumulated, summed over images.</summary>
    public const string Gradient = "grad/";

    /// <summary>The gradient from which an optimiser looks elsewhere, between two phases of a batch.</summary>
    internal const string Looked = "passing/gradient/";

    /// <summary>What a loss remembered before a batch, between two phases of it.</summary>
    internal const string Before = "passing/before/";

    private const string Passing = "passing/";

    /// <summary>Whether a variable of that name means something within a batch alone, so that checkpoints leave it out.</summary>
    internal static bool IsPassing(string name) => name.StartsWith(Passing, StringComparison.Ordinal);

    /// <summary>Whether a variable of that name is a gradient between two phases of a step.</summary>
    internal static bool IsGradient(string name) =>
        name.StartsWith(Gradient, StringComparison.Ordinal) || name.StartsWith(Looked, StringComparison.Ordinal);

    /// <summary>The parameter or state that a slot belongs to.</summary>
    internal static string OfSlot(string name) => name[(name.LastIndexOf('/') + 1)..];

    /// <summary>Whether a variable of that name is a slot; names in models have no stroke.</summary>
    public static bool IsSlot(string name) => name.Contains('/', StringComparison.Ordinal);
}
