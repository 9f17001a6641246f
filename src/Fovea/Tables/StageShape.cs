using System.Globalization;
using System.Text.RegularExpressions;
using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Tables;

/// <summary>The blocks of the four stages of a plain net such as RepVGG, and their widths as multiples of 64, 128, 256 and 512 channels.</summary>
/// <param name="Blocks">Blocks of each stage.</param>
/// <param name="Widths">The width of each stage.</param>
public sealed partial record StageShape(IReadOnlyList<int> Blocks, IReadOnlyList<double> Widths)
{
    private const int Stages = 4;
    private const int FirstWidth = 64;

    /// <summary>The shape of a deploy form; null for a net whose blocks are not one convolution each, in four stages.</summary>
    /// <param name="graph">The deploy form.</param>
    public static StageShape? Of(Graph graph)
    {
        var blocks = new SortedDictionary<int, HashSet<string>>();
        var widths = new int[Stages + 1];
        foreach (var node in graph.Nodes.Where(node => node.Op is Conv2d))
        {
            if (BlockPath().Match(node.Path) is not { Success: true } match) continue;
            var stage = int.Parse(match.Groups["stage"].Value, CultureInfo.InvariantCulture) + (match.Groups["zero"].Success ? 1 : 0);
            if (stage is < 1 or > Stages) return null;
            if (!blocks.TryAdd(stage, [match.Groups["block"].Value]) && !blocks[stage].Add(match.Groups["block"].Value)) return null;
            if (widths[stage] != 0 && widths[stage] != node.Result.Shape.C) return null;
            widths[stage] = node.Result.Shape.C;
        }

        return blocks.Count == Stages
            ? new([.. blocks.Values.Select(of => of.Count)], [.. widths.Skip(1).Select((width, i) => width / (double)(FirstWidth << i))])
            : null;
    }

    /// <summary>For example <c>[2,4,14,1]</c>.</summary>
    public string BlocksText => $"[{string.Join(',', Blocks.Select(n => n.ToString(CultureInfo.InvariantCulture)))}]";

    /// <summary>For example <c>[0.75,0.75,0.75,2.5]</c>, a decimal at least.</summary>
    public string WidthsText => $"[{string.Join(',', Widths.Select(x => x.ToString("0.0###", CultureInfo.InvariantCulture)))}]";

    [GeneratedRegex(@"^stage(?:s\.(?<zero>)(?<stage>[0-9])|(?<stage>[1-9]))\.(?<block>[0-9]{1,6})\.", RegexOptions.NonBacktracking)]
    private static partial Regex BlockPath();
}
