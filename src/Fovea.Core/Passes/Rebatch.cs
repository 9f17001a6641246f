using System.Globalization;
using Fovea.Analysis;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Passes;

/// <summary>Makes an inference graph take another number of images at a time.</summary>
/// <remarks>
/// Inputs, reshapes, slices and broadcasts take the new extent along the axis that <see cref="BatchAxes"/> finds; parameters that meet
/// images along that axis are repeated. The function of each image stays the same.
/// </remarks>
/// <param name="batch">The number of images, from 1.</param>
public sealed class Rebatch(int batch) : Pass
{
    private readonly int _batch = batch > 0
        ? batch
        : throw new ArgumentOutOfRangeException(nameof(batch), batch.ToString(CultureInfo.InvariantCulture), "wanted at least 1");
    private BatchAxes? _axes;

    /// <inheritdoc/>
    public override string Name => "rebatch";

    /// <inheritdoc/>
    protected override void Prepare(Graph source) => _axes = BatchAxes.Of(source);

    /// <inheritdoc/>
    protected override Value[]? Rewrite(Node node, Remap to)
    {
        if (_axes![node.Result] is not { } axis) return null;
        return node.Op switch
        {
            Variable variable => [to.Graph.Declare(variable with { Type = variable.Type with { Shape = Scaled(variable.Type.Shape, axis) } })],
            Reshape reshape => [to.Graph.Add(new Reshape(Scaled(reshape.Shape, axis)), to[node.Inputs[0]])],
            Broadcast broadcast => [to.Graph.Add(new Broadcast(Scaled(broadcast.Shape, axis)), to[node.Inputs[0]])],
            Slice slice => [to.Graph.Add(slice with { Sizes = Scaled(slice.Sizes, axis) }, to[node.Inputs[0]])],
            Concat or MatMul => [to.Graph.Add(node.Op, [.. node.Inputs.Select(input => Operand(node, input, axis, to))])],
            _ => null,
        };
    }

    private Value Operand(Node node, Value input, int axis, Remap to) =>
        _axes!.MustRepeat(node, input) ? to[input].BroadcastTo(Scaled(input.Shape, axis)) : to[input];

    private Shape Scaled(Shape shape, int axis) => shape.With(axis, checked(shape[axis] / _axes!.Batch * _batch));
}
