using Fovea.Graphs;
using Fovea.Images;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Sources;

/// <summary>
/// What a graph does to images before it looks at them: numbers taken off and multiplied with, channels in another order. As programs write it in front of a
/// model, or in a file of its own.
/// </summary>
/// <param name="End">The value that the rest of the graph reads in place of the images.</param>
/// <param name="Channels">For each channel of <see cref="End"/>, which of the images' it is.</param>
/// <param name="Preprocessing">The same as mean and deviation of red, green and blue as fractions of white; height, width and fit are the defaults.</param>
/// <param name="Spread">How far a mean image is from its mean for each channel at most, of 255; 0 where numbers are the same for all pixels.</param>
internal sealed record InputNormalisation(Value End, IReadOnlyList<int> Channels, Preprocessing Preprocessing, double Spread)
{
    private const double LargestByte = 255;

    /// <summary>Red, green and blue; a file that makes more of them does no normalisation, and may make very many.</summary>
    private const int MostChannels = 3;

    /// <summary>Whether the channels are in the order of the images.</summary>
    internal bool IsInOrder => Channels.SequenceEqual(Enumerable.Range(0, Channels.Count));

    /// <summary>The normalisation at the beginning of a graph; null where there is none that a <see cref="Images.Preprocessing"/> can hold.</summary>
    /// <param name="graph">A graph of one input, images [N, C, H, W].</param>
    /// <param name="weights">The values of its variables.</param>
    internal static InputNormalisation? Of(Graph graph, IReadOnlyDictionary<string, HostTensor> weights)
    {
        var lines = new Dictionary<Value, Line[]>();
        foreach (var node in graph.Nodes)
            if (Lines(node, lines, weights) is { Length: <= MostChannels } known) lines[node.Result] = known;
        var read = graph.Nodes.Where(node => !node.Results.Any(lines.ContainsKey)).SelectMany(node => node.Inputs)
            .Concat(graph.Outputs.Select(output => output.Value)).ToHashSet();
        var ends = lines.Keys.Where(read.Contains).ToArray();
        return ends is [{ Variable: null } end] ? Of(end, lines) : null;
    }

    private static InputNormalisation? Of(Value end, Dictionary<Value, Line[]> lines)
    {
        var all = lines[end];
        int[] channels = [.. all.Select(line => line.Channel)];
        if (all.Length is not (1 or 3) || all.Length != lines.Keys.Single(value => value.Variable is not null).Shape.C) return null;
        if (channels.Distinct().Count() != all.Length) return null;
        // Numbers of bytes are taken off or divided by; fractions of white have means below 1 and factors above 1.
        var ofBytes = all.Any(line => Math.Abs(line.Term / line.Factor) > 2) || all.All(line => Math.Abs(line.Factor) < 0.1);
        var scale = ofBytes ? LargestByte : 1;
        var (mean, std) = (new double[all.Length], new double[all.Length]);
        foreach (var line in all)
            (mean[line.Channel], std[line.Channel]) = (0 - (line.Term / (line.Factor * scale)), 1 / (line.Factor * scale));
        var spread = all.Max(line => Math.Abs(line.Spread / line.Factor)) * (LargestByte / scale);
        var choice = new PreprocessingChoice { Mean = mean, Std = std };
        if (choice.Problems().Any()) return null;
        return new(end, channels, new Preprocessing { Mean = mean, Std = std }, spread);
    }

    /// <summary>What a node makes of the images' channels, where it works on each pixel alone and by numbers that are known.</summary>
    private static Line[]? Lines(Node node, Dictionary<Value, Line[]> lines, IReadOnlyDictionary<string, HostTensor> weights)
    {
        if (node.Op is Variable { Kind: VariableKind.Input, Type.Shape: { Rank: 4, C: <= MostChannels } images })
            return [.. Enumerable.Range(0, images.C).Select(channel => new Line(channel, 1, 0, 0))];
        switch (node.Op)
        {
            case Affine affine when lines.TryGetValue(node.Inputs[0], out var x):
                return [.. x.Select(line => line.Times(affine.Alpha).Plus(affine.Beta))];
            case Slice slice when lines.TryGetValue(node.Inputs[0], out var x) && IsOfChannels(slice, node.Inputs[0].Shape):
                return [.. Enumerable.Range(0, slice.Sizes[1]).Select(i => x[slice.Starts[1] + (i * slice.Steps[1])])];
            case Concat { Axis: 1 } when node.Inputs.All(lines.ContainsKey):
                return [.. node.Inputs.SelectMany(input => lines[input])];
            case Binary binary when lines.TryGetValue(node.Inputs[0], out var x) && Known(node.Inputs[1], weights) is { } right:
                return Combined(binary, x, right, isLeft: false);
            case Binary binary when lines.TryGetValue(node.Inputs[1], out var x) && Known(node.Inputs[0], weights) is { } left:
                return Combined(binary, x, left, isLeft: true);
            default:
                return null;
        }
    }

    private static bool IsOfChannels(Slice slice, Shape x) => Enumerable.Range(0, x.Rank).All(axis =>
        axis == 1 || (slice.Starts[axis] == 0 && slice.Steps[axis] == 1 && slice.Sizes[axis] == x[axis]));

    private static Line[]? Combined(Binary op, Line[] x, HostTensor known, bool isLeft)
    {
        if (PerChannel(known, x.Length) is not { } numbers) return null;
        var results = new Line[x.Length];
        for (var c = 0; c < x.Length; c++)
        {
            var (number, spread) = numbers[c];
            if (op is not (Add or Subtract) && spread > 0) return null;
            Line? line = (op, isLeft) switch
            {
                (Add, _) => x[c].Plus(number, spread),
                (Subtract, false) => x[c].Plus(-number, spread),
                (Subtract, true) => x[c].Times(-1).Plus(number, spread),
                (Multiply, _) => x[c].Times(number),
                (Divide, false) when number != 0 => x[c].Times(1 / number),
                _ => null,
            };
            if (line is not { } found || found.Factor == 0) return null;
            results[c] = found;
        }

        return results;
    }

    /// <summary>For each channel the mean of numbers that are aligned with [N, C, H, W] at the last axis, and how far the farthest is from it.</summary>
    private static (double Mean, double Spread)[]? PerChannel(HostTensor known, int channels)
    {
        var shape = known.Shape;
        var own = shape.Rank >= 3 ? shape[shape.Rank - 3] : 1;
        if (shape.Rank > 4 || (shape.Rank == 4 && shape[0] != 1) || own is not 1 && own != channels) return null;
        var (size, numbers) = ((int)(shape.Elements / own), new (double, double)[channels]);
        for (var c = 0; c < channels; c++)
        {
            var plane = known.Floats.Slice(own == 1 ? 0 : c * size, size);
            var (sum, far) = (0.0, 0.0);
            foreach (var number in plane) sum += number;
            var mean = sum / size;
            foreach (var number in plane) far = Math.Max(far, Math.Abs(number - mean));
            numbers[c] = (mean, far <= 1e-6 * Math.Abs(mean) ? 0 : far);
        }

        return numbers;
    }

    private static HostTensor? Known(Value value, IReadOnlyDictionary<string, HostTensor> weights) => value.Op switch
    {
        Constant { Tensor: { Type.DType: DType.Float32 } tensor } => tensor,
        Variable variable => weights.GetValueOrDefault(variable.Label),
        Reshape reshape when Known(value.Node.Inputs[0], weights) is { } tensor => new(tensor.Type with { Shape = reshape.Shape }, tensor.Bytes.ToArray()),
        _ => null,
    };

    /// <summary>factor · channel + term, the latter with a spread over the pixels.</summary>
    private readonly record struct Line(int Channel, double Factor, double Term, double Spread)
    {
        internal Line Plus(double number, double spread = 0) => this with { Term = Term + number, Spread = Spread + spread };

        internal Line Times(double number) => new(Channel, Factor * number, Term * number, Spread * Math.Abs(number));
    }
}
