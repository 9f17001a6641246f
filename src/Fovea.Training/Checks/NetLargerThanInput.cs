using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Training.Logging;

namespace Fovea.Training.Checks;

/// <summary>A net that halves its input until nothing is left: convolutions with windows work on maps of one pixel, and see their padding.</summary>
public sealed record NetLargerThanInput : RunCheck
{
    /// <inheritdoc/>
    public override Advice? Before(PlannedRun run)
    {
        var side = run.InputSide;
        if (side <= 1) return null;
        var blind = CountBlind(run.Model);
        return blind == 0 ? null : Advise(
            $"{run.Model.Name} halves the input of {side}×{side} until {blind} of its convolutions see one pixel and padding around it: "
            + "wanted larger images, or a net that is made for small ones",
            "data.image_size", $"{2 * side}");
    }

    /// <summary>How many convolutions with windows of a graph work on maps of one pixel.</summary>
    /// <param name="model">The graph.</param>
    public static int CountBlind(Graph model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Nodes.Count(node => node is { Op: Conv2d, Inputs: [var x, var w, ..] } && x.Shape.H * x.Shape.W == 1 && w.Shape.H * w.Shape.W > 1);
    }
}
