namespace Fovea.Images;

/// <summary>A value of a <see cref="Preprocessing"/> that cannot be used.</summary>
/// <param name="Name">What it is, as recipes and files spell it: <c>crop_fraction</c>.</param>
/// <param name="Value">What it was.</param>
/// <param name="Wanted">What it may be.</param>
public sealed record PreprocessingProblem(string Name, string Value, string Wanted)
{
    /// <summary>For example <c>crop_fraction is 2; wanted 0.125 to 1</c>.</summary>
    public override string ToString() => $"{Name} is {Value}; wanted {Wanted}";
}
