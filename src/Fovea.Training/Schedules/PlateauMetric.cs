namespace Fovea.Training.Schedules;

/// <summary>What <see cref="PlateauOptions"/> follows.</summary>
public enum PlateauMetric
{
    /// <summary>the share of validation images that are recognised, which should rise;</summary>
    Top1,

    /// <summary>the loss on validation images, which should fall.</summary>
    Loss,
}
