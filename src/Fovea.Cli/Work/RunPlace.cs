using Fovea.Data.Sets;

namespace Fovea.Cli.Work;

/// <summary>Where a run finds its images and keeps what it makes, and how it goes on with what is there.</summary>
/// <param name="Data">Where the data is.</param>
/// <param name="Output">The run's folder.</param>
/// <param name="Resume">Whether the run in it is continued.</param>
internal sealed record RunPlace(string Data, string Output, bool Resume)
{
    /// <summary>Reads what there is to know of the data before images are.</summary>
    internal required Func<DataSet> Find { get; init; }

    /// <summary>What a run notes of its data.</summary>
    internal required RunData Noted { get; init; }

    /// <summary>What the run's recipe notes of how it was chosen, a line each. Default nothing.</summary>
    internal IReadOnlyList<string> Choice { get; init; } = [];

    /// <summary>The checkpoint that is gone on from.</summary>
    internal string Checkpoint { get; init; } = "latest";

    /// <summary>Whether it goes on at the next epoch when the images have changed in mid-epoch.</summary>
    internal bool AtNextEpoch { get; init; }
}
