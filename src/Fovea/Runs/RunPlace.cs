using Fovea.Data.Sets;
using Fovea.Data.Sources;

namespace Fovea.Runs;

/// <summary>Where a run finds its images and keeps what it makes, and how it goes on with what is there.</summary>
/// <param name="Data">Where the data is: what <see cref="DataSet.Find"/> takes.</param>
/// <param name="Output">The run's folder; made if it is missing. It lies beside the data.</param>
/// <param name="Resume">
/// Whether the run in it is continued, or begun if there is none yet. What its recipe cannot change then is refused, and the rest is noted in its history.
/// Default false: a folder that holds a run is refused.
/// </param>
public sealed record RunPlace(string Data, string Output, bool Resume = false)
{
    /// <summary>How data is read that is no folder of class folders. Default: as <see cref="SourceOptions"/> has it.</summary>
    public SourceOptions Source { get; init; } = new();

    /// <summary>Reads what there is to know of the data before images are; null, the default, for what there is at <see cref="Data"/>.</summary>
    public Func<DataSet>? Find { get; init; }

    /// <summary>What the run notes of its data, for later commands; null, the default, for <see cref="Data"/> and <see cref="Source"/> by full paths.</summary>
    public RunData? Noted { get; init; }

    /// <summary>What the run's recipe notes of how it was chosen, a line each. Default nothing.</summary>
    public IReadOnlyList<string> Choice { get; init; } = [];

    /// <summary>The checkpoint that is gone on from: <c>latest</c>, the default, <c>best</c>, or a kept one such as <c>epoch-0010</c>.</summary>
    public string Checkpoint { get; init; } = "latest";

    /// <summary>Whether it goes on at the next epoch when the images have changed in mid-epoch. Default false: that is refused.</summary>
    public bool AtNextEpoch { get; init; }
}
