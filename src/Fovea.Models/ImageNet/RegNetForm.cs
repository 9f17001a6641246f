using Fovea.Models.Building;

namespace Fovea.Models.ImageNet;

/// <summary>What tells the rows of <see cref="RegNet"/> apart: the parameters of its design space (§3.3).</summary>
/// <param name="Depth">Blocks in all.</param>
/// <param name="Width">w₀: the width of the first block.</param>
/// <param name="Slope">wₐ: what each block adds to it.</param>
/// <param name="Step">wₘ: the factor between the widths of stages.</param>
/// <param name="GroupWidth">g: the channels of a group of the 3×3 convolutions.</param>
internal sealed record RegNetForm(int Depth, int Width, double Slope, double Step, int GroupWidth)
{
    private const int Quantum = 8;

    /// <summary>Whether a block has squeeze and excitation.</summary>
    internal bool Squeezes { get; init; }

    /// <summary>
    /// Whether a width that does not fall into whole groups keeps at least nine tenths, as torchvision rounds; otherwise the nearest that does.
    /// </summary>
    internal bool KeepsNineTenths { get; init; }

    /// <summary>The width, blocks and channels of a group of each stage.</summary>
    internal IEnumerable<(int Width, int Depth, int GroupWidth)> Stages() =>
        Enumerable.Range(0, Depth).Select(WidthOf).GroupBy(width => width).Select(stage =>
        {
            var group = Math.Min(GroupWidth, stage.Key);
            return (KeepsNineTenths ? Channels.Divisible(stage.Key, group) : Nearest(stage.Key, group), stage.Count(), group);
        });

    /// <summary>
    /// u = w₀ + wₐ·j, brought to the nearest power of wₘ (eq. 2–4) and then to a multiple of 8. In float32, where the published widths come from.
    /// </summary>
    private int WidthOf(int block)
    {
        var linear = (block * (float)Slope) + Width;
        var power = MathF.Round(MathF.Log(linear / Width) / (float)Math.Log(Step));
        return (int)MathF.Round(Width * MathF.Pow((float)Step, power) / Quantum) * Quantum;
    }

    private static int Nearest(int width, int group) => (int)Math.Round((double)width / group) * group;
}
