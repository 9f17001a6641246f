using Fovea.Analysis;
using Fovea.Graphs;
using Fovea.Tensors;
using Fovea.Training.State;

namespace Fovea.Training.Initializers;

/// <summary>
/// The biases of the classifier start where they predict each class as often as it is among the training images, so that the first steps need not learn that.
/// </summary>
public sealed record ClassPriorOptions : InitOptions
{
    private const double LeastCount = 0.5;
    private const double LargestShare = 1 - 1e-6;

    /// <inheritdoc/>
    public override string Kind => "class_prior";

    /// <summary>
    /// Whether each class has a probability of its own, as with <c>bce</c>: log(π / (1 − π)) for a share of π, in place of log π. Lin et al. 2017,
    /// arXiv:1708.02002, section 4.1. Default false.
    /// </summary>
    public bool Sigmoid { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<(string Name, HostTensor Tensor)> Values(InitContext model)
    {
        var axes = Axes(model.Graph);
        if (model.ClassCounts.Count != axes.Classes)
            throw new TrainingException(
                $"model.init {Kind} wants to know how many training images each of {axes.Classes} classes has; given are {model.ClassCounts.Count} numbers");
        var all = model.ClassCounts.Sum(count => (double)count);
        double[] biases = [.. model.ClassCounts.Select(count => Bias(Math.Max(count, LeastCount) / Math.Max(all, 1)))];
        var shifts = axes.Variables
            .Where(entry => entry is { Part: ClassifierPart.Shift, Variable.Kind: VariableKind.Parameter } && IsMeant(entry.Variable.Label)).ToArray();
        return shifts.Length > 0
            ? shifts.Select(entry => (entry.Variable.Label, Spread(entry.Variable.Type, entry.Axis, biases)))
            : throw new TrainingException($"model.init {Kind}: the classifier has no bias; wanted one");
    }

    private double Bias(double share) => Sigmoid ? Math.Log(Math.Min(share, LargestShare) / (1 - Math.Min(share, LargestShare))) : Math.Log(share);

    private ClassAxes Axes(Graph graph)
    {
        try
        {
            return ClassAxes.Of(graph);
        }
        catch (GraphException e)
        {
            throw new TrainingException($"model.init {Kind}: {e.Message}", e);
        }
    }

    private static HostTensor Spread(TensorType type, int axis, double[] biases)
    {
        var (tensor, inner) = (new HostTensor(type), 1);
        for (var i = axis + 1; i < type.Shape.Rank; i++) inner *= type.Shape[i];
        for (var i = 0; i < tensor.Floats.Length; i++) tensor.Floats[i] = (float)biases[i / inner % biases.Length];
        return tensor;
    }
}
