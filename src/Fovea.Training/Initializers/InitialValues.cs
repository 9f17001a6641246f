using Fovea.Tensors;

namespace Fovea.Training.Initializers;

/// <summary>The values that rules give the parameters of a model before weights are loaded.</summary>
public static class InitialValues
{
    /// <summary>What all rules say, the last word last; parameters that none names have what the model gives them.</summary>
    /// <param name="rules">The rules, in their order.</param>
    /// <param name="model">The model, and what else values may follow from.</param>
    /// <exception cref="State.TrainingException">The model has nothing that a rule is made for.</exception>
    public static IReadOnlyList<(string Name, HostTensor Tensor)> Of(IReadOnlyList<InitOptions> rules, InitContext model)
    {
        var values = new Dictionary<string, HostTensor>(StringComparer.Ordinal);
        foreach (var rule in rules)
            foreach (var (name, tensor) in rule.Values(model)) values[name] = tensor;
        return [.. values.Select(entry => (entry.Key, entry.Value))];
    }
}
