using System.Diagnostics;
using Fovea.Backends.OneDnn;
using Fovea.Execution;
using Fovea.Formats.Artefact;
using Fovea.Training.Steps;

namespace Fovea;

/// <summary>A thread with its team, and the plans of a model that run on it.</summary>
internal sealed class Lane(FoveaModel model, OneDnnSession session, ClassifierOptions options, ComputeThread thread)
{
    private readonly Dictionary<int, OneDnnExecutable> _plans = [];

    /// <summary>Whether it has a request; the owner of the lane sets and clears it.</summary>
    internal bool IsBusy { get; set; }

    /// <summary>How long an image alone takes, in ticks of <see cref="Stopwatch"/>.</summary>
    internal ImageTimes Times { get; } = new();

    /// <summary>Has work done on the lane's thread, without waiting for it.</summary>
    internal void Post(Action work) => thread.Post(work);

    /// <summary>On the lane's thread: compiles the plan for one image.</summary>
    internal void Prepare() => For(1);

    /// <summary>On the lane's thread: the logits of some images, at most <see cref="ClassifierOptions.Batch"/>.</summary>
    internal float[] Logits(ReadOnlySpan<float> images, int count)
    {
        var plan = For(count);
        images.CopyTo(plan.Floats(FoveaModel.InputName));
        var start = Stopwatch.GetTimestamp();
        plan.Run();
        if (count == 1) Times.Add(Stopwatch.GetTimestamp() - start);
        return plan.Result(FoveaModel.OutputName)[..(count * model.Card.Classes.Count)].ToArray();
    }

    /// <summary>The plan for one image, or for the next power of two: what is too much stays from before and is not looked at.</summary>
    private OneDnnExecutable For(int count)
    {
        var size = Math.Min((int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)count), options.Batch);
        if (!_plans.TryGetValue(size, out var plan)) _plans.Add(size, plan = session.Compile(model.GraphFor(size).In(options.Precision), thread));
        return plan;
    }
}
