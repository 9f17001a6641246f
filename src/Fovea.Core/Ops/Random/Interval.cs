namespace Fovea.Ops;

/// <summary>Where a number is drawn from, uniformly: from Low at a draw of 0 towards High at a draw of 1; Low may be the greater one.</summary>
/// <param name="Low">The number at a draw of 0.</param>
/// <param name="High">The bound at a draw of 1.</param>
public readonly record struct Interval(double Low, double High)
{
    /// <summary>The mean of the numbers.</summary>
    public double Mean => (Low + High) / 2;

    internal bool IsFinite => double.IsFinite(Low) && double.IsFinite(High) && double.IsFinite(High - Low);

    /// <summary>The number at a draw.</summary>
    /// <param name="draw">0 to below 1.</param>
    public double At(double draw) => Low + ((High - Low) * draw);
}
