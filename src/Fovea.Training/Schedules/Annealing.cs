namespace Fovea.Training.Schedules;

/// <summary>The way from one number to another.</summary>
public enum Annealing
{
    /// <summary>half a cosine wave;</summary>
    Cosine,

    /// <summary>a straight line.</summary>
    Linear,
}

/// <summary>What <see cref="Annealing"/> means.</summary>
internal static class Annealings
{
    /// <summary>A number between two.</summary>
    /// <param name="way">The way.</param>
    /// <param name="from">The first.</param>
    /// <param name="to">The second.</param>
    /// <param name="share">How much of the way is gone, 0–1.</param>
    internal static double Between(this Annealing way, double from, double to, double share) =>
        way == Annealing.Linear ? from + ((to - from) * share) : to + ((from - to) * 0.5 * (1 + Math.Cos(Math.PI * share)));
}
