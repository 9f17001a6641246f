namespace Fovea.Training;

/// <summary>How a run ended.</summary>
public enum TrainingEnd
{
    /// <summary>All epochs are over.</summary>
    Finished,

    /// <summary>It was asked to stop; the latest checkpoint stands where it stopped.</summary>
    Interrupted,
}
