using Fovea.Darknet.Cfg;

namespace Fovea.Darknet;

/// <summary>Darknet's Adam (<c>adam=1</c>).</summary>
/// <param name="Beta1">What the mean of gradients keeps. Default 0.9.</param>
/// <param name="Beta2">What the mean of their squares keeps. Default 0.999.</param>
/// <param name="Epsilon">Added to the root of the squares. Default 1e-6.</param>
public sealed record AdamOptions(double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-6)
{
    internal static AdamOptions? Read(CfgOptions options) => options.Flag("adam")
        ? new(options.Real("B1", 0.9), options.Real("B2", 0.999), options.Real("eps", 1e-6))
        : null;
}
