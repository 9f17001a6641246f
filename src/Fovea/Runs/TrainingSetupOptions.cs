using Fovea.Execution;
using Fovea.Sources;
using Fovea.Training.Batches;
using Fovea.Training.Logging;

namespace Fovea.Runs;

/// <summary>What is said of training beside the recipe and the data.</summary>
public sealed record TrainingSetupOptions
{
    /// <summary>Where the course of the work is told, from the model's notes on; nowhere by default.</summary>
    public ITrainingLog Log { get; init; } = new CompositeLog();

    /// <summary>
    /// Names of the files that <see cref="Log"/> writes into the folder of a run, by the name of the model; those of somebody else are not written over.
    /// Default none.
    /// </summary>
    public Func<string, IReadOnlyList<string>> LogFiles { get; init; } = _ => [];

    /// <summary>Whether the norm of gradients is computed for <see cref="Log"/>, where nothing clips by it either. Default false.</summary>
    public bool GradientNorm { get; init; }

    /// <summary>
    /// How models are read, and which alternatives recipes may name; its notes and warnings go to <see cref="Log"/> where it does not say another place.
    /// </summary>
    public LoadOptions Load { get; init; } = new();

    /// <summary>What runs the graphs; null, the default, for oneDNN.</summary>
    public IBackend? Backend { get; init; }

    /// <summary>What an earlier part of the run has left; a beginning by default. A <see cref="TrainingRun"/> finds it in its folder.</summary>
    public RunPast Past { get; init; } = RunPast.None;

    /// <summary>What the student learns from, in place of the recipe's <c>loss.teacher</c>; null, the default, for that.</summary>
    public Teacher? Teacher { get; init; }

    /// <summary><see cref="Load"/> with somebody who is told.</summary>
    internal LoadOptions Told => Load with { Note = Load.Note ?? Log.Message, Warn = Load.Warn ?? Log.Warning };

    /// <summary>Told of each batch when it is done: the epoch, from 0, its batches so far, and how many it has; null, the default, for nobody.</summary>
    public Action<int, int, int>? Progress { get; init; }
}
