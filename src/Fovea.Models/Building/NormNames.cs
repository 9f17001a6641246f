namespace Fovea.Models.Building;

/// <summary>What a framework calls the tensors of a batch norm.</summary>
/// <param name="Weight">γ.</param>
/// <param name="Bias">β.</param>
/// <param name="Mean">The running mean.</param>
/// <param name="Variance">The running variance.</param>
public sealed record NormNames(string Weight, string Bias, string Mean, string Variance)
{
    /// <summary>PyTorch's, which the catalogue has.</summary>
    public static NormNames PyTorch { get; } = new("weight", "bias", "running_mean", "running_var");

    /// <summary>MindSpore's (mindspore.nn.BatchNorm2d).</summary>
    public static NormNames MindSpore { get; } = new("gamma", "beta", "moving_mean", "moving_variance");

    /// <summary>Paddle's (paddle.nn.BatchNorm2D).</summary>
    public static NormNames Paddle { get; } = new("weight", "bias", "_mean", "_variance");

    /// <summary>The part of a tensor's name behind its module.</summary>
    internal static string Leaf(string name) => name[(name.LastIndexOf('.') + 1)..];

    /// <summary>The part of a tensor's name that is its module; empty at the root.</summary>
    internal static string Module(string name) => name.LastIndexOf('.') is var dot && dot < 0 ? "" : name[..dot];

    internal string ToPyTorch(string name) => Renamed(name, this, PyTorch);

    internal string FromPyTorch(string name) => Renamed(name, PyTorch, this);

    private static string Renamed(string name, NormNames from, NormNames to)
    {
        var leaf = Leaf(name);
        var renamed = leaf == from.Weight ? to.Weight : leaf == from.Bias ? to.Bias : leaf == from.Mean ? to.Mean : leaf == from.Variance ? to.Variance : leaf;
        return name[..^leaf.Length] + renamed;
    }
}
