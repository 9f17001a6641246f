namespace Fovea.Auto;

/// <summary>A part of a recipe that was chosen, and why.</summary>
/// <param name="Part">What was chosen, in a word or two: <c>model</c>, <c>batch</c>.</param>
/// <param name="Text">What it came to, and why.</param>
public sealed record AutoReason(string Part, string Text)
{
    /// <summary>For example <c>batch: 16, so that an epoch has 28 updates</c>.</summary>
    public override string ToString() => $"{Part}: {Text}";
}
