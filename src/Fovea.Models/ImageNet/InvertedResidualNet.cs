using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.ImageNet;

/// <summary>
/// The nets of a stem, stages of separable, inverted or fused blocks, and a 1×1 convolution in front of the classifier; names and
/// initialisers follow timm, which has those of TensorFlow's public nets.
/// </summary>
/// <param name="Stages">The stage table: the lines of each stage.</param>
/// <param name="Stem">Channels of the first convolution, before the width is scaled.</param>
/// <param name="Head">Channels in front of the classifier.</param>
internal sealed partial record InvertedResidualNet(BlockLine[][] Stages, int Stem, int Head)
{
    /// <summary>The factor of all channels.</summary>
    internal double Width { get; init; } = 1;

    /// <summary>The factor of the number of blocks of each stage.</summary>
    internal double Depth { get; init; } = 1;

    /// <summary>Whether the scaled number of blocks is rounded to the nearest; else it is rounded up.</summary>
    internal bool RoundsDepth { get; init; }

    /// <summary>Whether the width of the stem and the depth of the first and the last stage are not scaled.</summary>
    internal bool FixesEnds { get; init; }

    /// <summary>Scaled channels may be rounded down to this part of themselves, not further.</summary>
    internal double LeastChannels { get; init; } = 0.9;

    /// <summary>The activation.</summary>
    internal Func<Value, Value> Act { get; init; } = Nodes.Relu;

    /// <summary>Whether padding is TensorFlow's: as much as the stride needs, the odd row or column at the end.</summary>
    internal bool PadsSame { get; init; }

    /// <summary>That of the norms.</summary>
    internal double Epsilon { get; init; } = 1e-5;

    /// <summary>How squeeze-and-excitation is done.</summary>
    internal SqueezeRule Squeezing { get; init; } = new();

    /// <summary>Whether the head comes behind the global pooling, without a norm; null for no, else whether it has a bias.</summary>
    internal bool? PooledHeadHasBias { get; init; }

    /// <summary>The catalogue's delegate.</summary>
    internal ModelBuilder Builder => Build;

    /// <summary>The variants that were converted from TensorFlow: its padding, and its epsilon in the norms.</summary>
    internal InvertedResidualNet LikeTensorFlow() => this with { PadsSame = true, Epsilon = 1e-3 };

    /// <summary>All blocks in their order.</summary>
    internal IEnumerable<NumberedBlock> Numbered() => Stages
        .SelectMany((lines, stage) => DeepStage(lines, stage).Select((line, index) => (stage, index, line)))
        .Select((block, number) => new NumberedBlock(number, block.stage, block.index, block.line));

    private Value Build(Scope s, Value x, ModelOptions options)
    {
        x = Act(Norm(s["bn1"], Conv(s["conv_stem"], x, FixesEnds ? Stem : Scaled(Stem), kernel: 3, stride: 2)));
        var blocks = Numbered().ToArray();
        foreach (var (number, stage, index, line) in blocks)
            x = Block(s["blocks"][stage][index], x, line, index == 0 ? line.Stride : 1, (options.DropPathRate ?? 0) * number / blocks.Length);
        return Classified(s, x, options);
    }

    private Value Classified(Scope s, Value x, ModelOptions options)
    {
        if (PooledHeadHasBias is { } bias) x = Act(x.GlobalAveragePool().Conv(s["conv_head"], Head, kernel: 1, bias: bias));
        else x = Act(Norm(s["bn2"], Conv(s["conv_head"], x, Head, kernel: 1))).GlobalAveragePool();
        var classes = options.Classes ?? throw new ModelException("classes is not resolved");
        return x.Logits(s["classifier"], options, weightInitial: new Initializer.Uniform(1 / Math.Sqrt(classes)), biasInitial: Initializer.Zeros);
    }

    private int Scaled(int channels) => Channels.Divisible(channels * Width, least: LeastChannels);

    /// <summary>The lines of a stage, one for each block: the depth is scaled for the stage, and then shared by its lines, from the last on.</summary>
    private BlockLine[] DeepStage(BlockLine[] lines, int stage)
    {
        var depth = FixesEnds && (stage == 0 || stage == Stages.Length - 1) ? 1 : Depth;
        var left = lines.Sum(line => line.Blocks);
        var blocks = (int)(RoundsDepth ? Math.Max(1, Math.Round(left * depth)) : Math.Ceiling(left * depth));
        var counts = new int[lines.Length];
        for (var i = lines.Length - 1; i >= 0; i--)
        {
            counts[i] = Math.Max(1, (int)Math.Round((double)lines[i].Blocks / left * blocks));
            left -= lines[i].Blocks;
            blocks -= counts[i];
        }

        return [.. lines.SelectMany((line, i) => Enumerable.Repeat(line, counts[i]))];
    }
}

/// <summary>How the blocks of a net squeeze and excite.</summary>
internal sealed record SqueezeRule
{
    /// <summary>Whether the squeeze is a part of the channels inside the block, not of those of the image that it gets.</summary>
    internal bool OfExpanded { get; init; }

    /// <summary>Channels of the squeeze are multiples of it.</summary>
    internal int Divisor { get; init; } = 1;

    /// <summary>The activation of the squeeze; null for that of the block.</summary>
    internal Func<Value, Value>? Act { get; init; }

    /// <summary>What makes a gate of the excitation.</summary>
    internal Func<Value, Value> Gate { get; init; } = Nodes.Sigmoid;

    /// <summary>The channels of the squeeze of a block.</summary>
    /// <param name="line">The line of the block.</param>
    /// <param name="inside">The channels inside the block.</param>
    internal int Width(BlockLine line, int inside)
    {
        var channels = inside * (OfExpanded ? line.Squeeze : line.Squeeze / line.Expansion);
        return Divisor == 1 ? (int)Math.Round(channels) : Channels.Divisible(channels, Divisor);
    }
}
