using System.Globalization;
using Fovea.Analysis;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Passes;

/// <summary>Gives a model a new classifier, for as many classes as are asked for: the variables that <see cref="ClassAxes"/> finds, fresh.</summary>
/// <remarks>
/// Variables that were drawn at random are so again; those of one number, as those of files are, begin as PyTorch's: weights uniform in
/// ±1/√inputs, biases at 0, scales at 1. Nothing else of the model changes.
/// </remarks>
/// <param name="classes">Their number, from 1.</param>
public sealed class ReplaceClassifier(int classes) : Pass
{
    private readonly int _classes = classes > 0
        ? classes
        : throw new ArgumentOutOfRangeException(nameof(classes), classes.ToString(CultureInfo.InvariantCulture), "wanted at least 1");

    private ClassAxes? _axes;
    private Dictionary<string, ClassifierPart> _parts = [];

    /// <inheritdoc/>
    public override string Name => "replace_classifier";

    /// <inheritdoc/>
    /// <exception cref="GraphException">The classifier cannot be found, or what else the graph computes depends on the number of classes.</exception>
    public override Graph Apply(Graph source)
    {
        try
        {
            return base.Apply(source);
        }
        catch (ShapeException e)
        {
            throw new GraphException($"{e.Message}; so the graph '{source.Name}' cannot have {_classes} classes");
        }
    }

    /// <inheritdoc/>
    protected override void Prepare(Graph source)
    {
        _axes = ClassAxes.Of(source);
        _parts = _axes.Variables.ToDictionary(entry => entry.Variable.Label, entry => entry.Part, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    protected override Value[]? Rewrite(Node node, Remap to)
    {
        if (_axes![node.Result] is not { } axis) return null;
        return node.Op switch
        {
            Variable variable => [to.Graph.Declare(Fresh(variable, axis))],
            Reshape reshape => [to.Graph.Add(new Reshape(reshape.Shape.With(axis, _classes)), to[node.Inputs[0]])],
            Broadcast broadcast => [to.Graph.Add(new Broadcast(broadcast.Shape.With(axis, _classes)), to[node.Inputs[0]])],
            Slice slice => [to.Graph.Add(slice with { Sizes = slice.Sizes.With(axis, _classes) }, to[node.Inputs[0]])],
            _ => null,
        };
    }

    private Variable Fresh(Variable variable, int axis) => variable with
    {
        Type = variable.Type with { Shape = variable.Type.Shape.With(axis, _classes) },
        Initial = variable.Initial is not Initializer.Fill ? variable.Initial : _parts[variable.Label] switch
        {
            ClassifierPart.Weight => new Initializer.Uniform(1 / Math.Sqrt((double)variable.Type.Shape.Elements / variable.Type.Shape[axis])),
            ClassifierPart.Scale => Initializer.Ones,
            _ => Initializer.Zeros,
        },
    };
}
