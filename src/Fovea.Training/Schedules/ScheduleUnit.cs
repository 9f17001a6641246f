namespace Fovea.Training.Schedules;

/// <summary>What the lengths in a schedule count.</summary>
public enum ScheduleUnit
{
    /// <summary>epochs;</summary>
    Epochs,

    /// <summary>updates.</summary>
    Steps,
}
