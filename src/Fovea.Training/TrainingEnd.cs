namespace Fovea.Training;

/// <summary>How a run ended.</summary>
public enum TrainingEnd
{
    /// <summary>All epochs are over, or enough of them brought nothing better (<see cref="Recipes.TrainOptions.EarlyStop"/>).</summary>
    Finished,

    /// <summary>It was asked to stop; the latest checkpoint stands where it stopped.</summary>
    Interrupted,
}
