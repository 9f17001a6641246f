using Fovea.Tensors;
using Fovea.Training.State;

namespace Fovea.Training.Initializers;

/// <summary>A rule for the weights of linear layers and convolutions, each by itself.</summary>
public abstract record WeightInitOptions : InitOptions
{
    /// <summary>The values of one weight.</summary>
    /// <param name="weight">The weight, and how many numbers meet in it.</param>
    /// <param name="draws">Its random numbers.</param>
    /// <param name="values">Receives them, row-major.</param>
    protected abstract void Fill(InitWeight weight, Philox draws, Span<float> values);

    /// <inheritdoc/>
    public sealed override IEnumerable<(string Name, HostTensor Tensor)> Values(InitContext model)
    {
        InitWeight[] meant = Only.Count == 0 ? [.. model.LayerWeights] : [.. model.AllParameters.Where(weight => IsMeant(weight.Variable.Label))];
        if (meant.Length == 0)
            throw new TrainingException(
                $"model.init {Kind}: "
                + (Only.Count == 0 ? "the model has no linear layer and no convolution" : $"no parameter is called {string.Join(" or ", Only)}")
                + "; wanted one at least");
        return meant.Select(weight =>
        {
            var tensor = new HostTensor(weight.Variable.Type);
            Fill(weight, model.Draws(weight.Variable.Label), tensor.Floats);
            return (weight.Variable.Label, tensor);
        });
    }

    /// <summary>Fills uniformly within ±<paramref name="bound"/>.</summary>
    protected static void Uniform(Philox draws, double bound, Span<float> values)
    {
        for (var i = 0; i < values.Length; i++) values[i] = (float)(bound * ((2 * draws.Uniform((ulong)i)) - 1));
    }

    /// <summary>Fills normally.</summary>
    protected static void Normal(Philox draws, double mean, double deviation, Span<float> values)
    {
        for (var i = 0; i < values.Length; i++) values[i] = (float)(mean + (deviation * draws.Normal((ulong)i)));
    }
}
