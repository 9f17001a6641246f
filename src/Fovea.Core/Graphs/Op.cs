using Fovea.Tensors;

namespace Fovea.Graphs;

/// <summary>A pure operation: its attributes and every rule that holds for it.</summary>
/// <remarks>
/// Attributes compare by content, so that equal operations on equal inputs are recognised as one. An operation reads nothing but its
/// inputs and changes nothing: random operations take their counter as an input, statistics are results.
/// </remarks>
public abstract record Op
{
    /// <summary>The name in printed graphs and messages, in snake_case.</summary>
    public abstract string Name { get; }

    /// <summary>The types of the results.</summary>
    /// <exception cref="ShapeException">The inputs do not fit the operation or each other.</exception>
    public abstract TensorType[] Infer(ReadOnlySpan<TensorType> inputs);

    /// <summary>Adds the nodes that carry the gradient of a scalar from the results to the inputs.</summary>
    /// <param name="node">The node that applies this operation; its graph receives the new nodes.</param>
    /// <param name="dy">The gradient with respect to each result; null where the scalar does not depend on it. At least one is given.</param>
    /// <returns>The gradient with respect to each input; null where there is none.</returns>
    /// <exception cref="NotDifferentiableException">The operation has no gradient.</exception>
    public abstract Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy);

    /// <summary>The work of one application.</summary>
    public abstract Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results);

    /// <summary>Computes the results by their definition, in double precision; <paramref name="results"/> arrive as zeros.</summary>
    public abstract void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results);

    /// <summary>Writes the attributes; an operation without attributes writes none.</summary>
    public virtual void Print(AttributeWriter to)
    {
    }
}
