namespace Fovea.Cli.Work;

/// <summary>Where a run finds its images and keeps what it makes, and how it goes on with what is there.</summary>
/// <param name="Data">The data folder.</param>
/// <param name="Output">The run's folder.</param>
/// <param name="Resume">Whether the run in it is continued.</param>
internal sealed record RunPlace(string Data, string Output, bool Resume)
{
    /// <summary>The checkpoint that is gone on from.</summary>
    internal string Checkpoint { get; init; } = "latest";

    /// <summary>Whether it goes on at the next epoch when the images have changed in mid-epoch.</summary>
    internal bool AtNextEpoch { get; init; }
}
