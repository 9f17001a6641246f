namespace Fovea.Models.Building;

/// <summary>How a framework keeps weights, whatever a model's modules are called in it.</summary>
/// <param name="Name">The framework.</param>
/// <param name="Norms">What it calls the tensors of a batch norm.</param>
/// <param name="TransposesMatrices">Whether it keeps the weights of fully connected layers as [inputs, features].</param>
public sealed record Framework(string Name, NormNames Norms, bool TransposesMatrices)
{
    /// <summary>Paddle's.</summary>
    public static Framework Paddle { get; } = new("Paddle", NormNames.Paddle, TransposesMatrices: true);

    /// <summary>MindSpore's.</summary>
    public static Framework MindSpore { get; } = new("MindSpore", NormNames.MindSpore, TransposesMatrices: false);

    /// <summary>Those that do otherwise than PyTorch, whose ways the catalogue has.</summary>
    public static IReadOnlyList<Framework> All { get; } = [Paddle, MindSpore];

    /// <summary>The spelling of a system that is built on the framework.</summary>
    /// <param name="map">What the system calls modules.</param>
    public NameMap Keeping(NameMap map) => map with { Norms = Norms, TransposesMatrices = TransposesMatrices };

    /// <summary>A spelling of PyTorch's in which somebody has written a model of the same modules for this framework.</summary>
    /// <param name="map">The spelling.</param>
    public NameMap Porting(NameMap map) => Keeping(map) with { Name = map.Name.Length == 0 ? Name : $"{map.Name} in {Name}" };
}
