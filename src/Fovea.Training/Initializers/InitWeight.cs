using Fovea.Graphs;

namespace Fovea.Training.Initializers;

/// <summary>A parameter that is given initial values.</summary>
/// <param name="Variable">The parameter.</param>
/// <param name="OutputAxis">The axis of its outputs.</param>
/// <param name="Outputs">How many outputs it has.</param>
/// <param name="FanIn">How many numbers make an output: all but those along the axis of outputs. PyTorch: fan_in.</param>
/// <param name="FanOut">
/// How many outputs a number goes into: the outputs, times the pixels of a kernel. As PyTorch's fan_out it does not know of groups.
/// </param>
public sealed record InitWeight(Variable Variable, int OutputAxis, int Outputs, long FanIn, long FanOut)
{
    internal static InitWeight Of(Variable variable, int outputAxis)
    {
        var shape = variable.Type.Shape;
        if (shape.Rank < 2) return new(variable, 0, (int)shape.Elements, 1, 1);
        var pixels = 1L;
        for (var axis = 2; axis < shape.Rank && outputAxis == 0; axis++) pixels *= shape[axis];
        return new(variable, outputAxis, shape[outputAxis], shape.Elements / shape[outputAxis], shape[outputAxis] * pixels);
    }
}
