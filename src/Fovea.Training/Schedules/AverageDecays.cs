namespace Fovea.Training.Schedules;

/// <summary>How much of the averaged weights each update keeps.</summary>
public static class AverageDecays
{
    /// <summary>min(<paramref name="decay"/>, (1 + t)/(10 + t)): the first updates weigh more, so that the initial weights are soon forgotten.</summary>
    /// <remarks>The rule of TensorFlow's ExponentialMovingAverage with <c>num_updates</c>.</remarks>
    /// <param name="decay">The share kept in the long run; 0–1.</param>
    /// <param name="update">t, the number of the update, counted from 1.</param>
    public static double At(double decay, long update) => Math.Min(decay, (1.0 + update) / (10.0 + update));
}
