using Fovea.Analysis;
using Fovea.Graphs;
using Fovea.Sources;
using Fovea.Training.Checks;
using Fovea.Training.Optimizers;
using Fovea.Training.Recipes;

namespace Fovea.Auto;

/// <summary>A net that a recipe may be chosen to train, at an input size, with the optimiser that suits it.</summary>
/// <param name="Model">The net.</param>
/// <param name="Size">Rows and columns of the input.</param>
/// <param name="Optimizer">The optimiser for a batch of so many images.</param>
internal sealed record NetChoice(ModelChoice Model, int Size, Func<int, OptimizerOptions> Optimizer)
{
    // Of 13 nets and sizes, from 11 to 592 million multiply-accumulates an image, times follow from this within 12 %; from products alone, within 55 %.
    private const double OperationsOfAByte = 50;

    private readonly Lazy<(Graph Graph, ModelCost Cost)> _built = new(() =>
    {
        var graph = new TrainRecipe { Model = Model, Data = new() { ImageSize = Size } }.OpenModel().Graph(1);
        return (graph, CostAnalysis.Of(graph));
    });

    /// <summary>Whether training starts from weights that are given.</summary>
    internal static bool HasWeights(ModelChoice model) => model.Source.Length > 0 || model.Weights.Length > 0 || model.Pretrained.Length > 0;

    /// <summary>The work of a training step for one image, in floating-point operations as <see cref="Machine.OperationsPerSecond"/> counts them.</summary>
    internal double Work => (6.0 * Cost.Macs) + (OperationsOfAByte * Cost.ActivationBytes);

    /// <summary>The counts for one image.</summary>
    internal ModelCost Cost => _built.Value.Cost;

    /// <summary>Whether the net can be built for the size.</summary>
    internal bool IsPossible
    {
        get
        {
            try
            {
                return _built.Value.Graph.Nodes.Count > 0;
            }
            catch (Exception e) when (e is Tensors.ShapeException or ModelSourceException)
            {
                return false;
            }
        }
    }

    /// <summary>Whether the net sees something of the image in all of its layers.</summary>
    internal bool Sees => IsPossible && NetLargerThanInput.CountBlind(_built.Value.Graph) == 0;
}
