namespace Fovea.Training.Schedules;

/// <summary>How high the triangles of <see cref="CyclicOptions"/> are.</summary>
public enum CyclicMode
{
    /// <summary>all the same;</summary>
    Triangular,

    /// <summary>each half as high as the one before;</summary>
    Halving,

    /// <summary>multiplied with gamma from unit to unit.</summary>
    Exponential,
}
