using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>What an optimiser does with one parameter at the end of a step; all tensors are float32.</summary>
public abstract record ParameterUpdate : Op
{
    /// <inheritdoc/>
    public sealed override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) =>
        throw new NotDifferentiableException($"{node}: updates of parameters are not differentiated");

    /// <summary>Throws unless every tensor has the type of w, the first.</summary>
    private protected void CheckTensors(ReadOnlySpan<TensorType> tensors, ReadOnlySpan<string> names)
    {
        var w = tensors[0];
        Check.That(w.DType == DType.Float32, this, $"w is {w}; wanted f32");
        for (var i = 1; i < tensors.Length; i++) Check.That(tensors[i] == w, this, $"{names[i]} is {tensors[i]}; w wants {w}");
    }

    /// <summary>Throws unless the value is a single float32 of shape [].</summary>
    private protected void CheckNumber(TensorType type, string name) =>
        Check.That(type == TensorType.F32(), this, $"{name} is {type}; wanted {TensorType.F32()}");
}
