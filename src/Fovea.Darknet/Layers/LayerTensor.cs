using System.Globalization;
using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Darknet.Layers;

/// <summary>A tensor of a layer, in float32.</summary>
/// <param name="Layer">The layer whose it is, from 0.</param>
/// <param name="Field">Darknet's name: <c>biases</c>, <c>scales</c>, <c>rolling_mean</c>, <c>rolling_variance</c> or <c>weights</c>.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Initial">How it starts.</param>
public sealed record LayerTensor(int Layer, string Field, Shape Shape, Initializer Initial)
{
    /// <summary>The name of the variable in graphs and of the tensor in sets of weights: <c>12.weights</c>.</summary>
    public string Name { get; } = string.Create(CultureInfo.InvariantCulture, $"{Layer}.{Field}");

    /// <summary>Whether it is trained; running statistics are not.</summary>
    public bool IsTrained { get; init; } = true;

    /// <summary>Whether <c>dontloadscales=1</c> leaves it out of a file.</summary>
    public bool IsOfNorm { get; init; }

    /// <summary>How it lies in a file of weights.</summary>
    public MatrixOrder Order { get; init; }

    /// <summary>The four of a norm but the biases: scales, mean and variance [channels].</summary>
    internal static IEnumerable<LayerTensor> OfNorm(int layer, int channels)
    {
        yield return new(layer, "scales", new(channels), Initializer.Ones) { IsOfNorm = true };
        yield return new(layer, "rolling_mean", new(channels), Initializer.Zeros) { IsOfNorm = true, IsTrained = false };
        yield return new(layer, "rolling_variance", new(channels), Initializer.Ones) { IsOfNorm = true, IsTrained = false };
    }

    /// <summary>The biases [channels].</summary>
    internal static LayerTensor Biases(int layer, int channels) => new(layer, "biases", new(channels), Initializer.Zeros);

    /// <summary>Darknet's beginning of weights: uniform within ±√(2 / inputs of one output).</summary>
    internal static Initializer Usual(long inputs) => new Initializer.Uniform(Math.Sqrt(2.0 / inputs));
}
