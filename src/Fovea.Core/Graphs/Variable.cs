using Fovea.Tensors;

namespace Fovea.Graphs;

/// <summary>What a variable is for.</summary>
public enum VariableKind
{
    /// <summary>Given anew for every run: images, labels, the learning rate.</summary>
    Input,

    /// <summary>Trained: what an optimiser changes.</summary>
    Parameter,

    /// <summary>Kept with the model, but not trained: running statistics.</summary>
    State,

    /// <summary>Kept with a training run only: momenta, averages, accumulated gradients.</summary>
    Slot,
}

/// <summary>A named value that comes from outside the graph.</summary>
/// <param name="Label">The name, as PyTorch spells it: <c>layer1.0.bn1.running_mean</c>.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="Type">Element type and shape.</param>
/// <param name="Initial">How it starts when no weights are loaded; inputs have <see cref="Initializer.Zeros"/>.</param>
public sealed record Variable(string Label, VariableKind Kind, TensorType Type, Initializer Initial) : Op
{
    /// <inheritdoc/>
    public override string Name => Kind switch
    {
        VariableKind.Input => "input",
        VariableKind.Parameter => "parameter",
        VariableKind.State => "state",
        _ => "slot",
    };

    /// <summary>The module part of a parameter's name: <c>layer1.0.bn1</c> for <c>layer1.0.bn1.weight</c>.</summary>
    public static string ModuleOf(string label)
    {
        var dot = label.LastIndexOf('.');
        return dot < 0 ? "" : label[..dot];
    }

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(0, inputs.Length, this);
        return [Type];
    }

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) => [];

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) => default;

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results) =>
        throw new InvalidOperationException($"the variable '{Label}' has no value here");
}
