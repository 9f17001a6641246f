using System.Globalization;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Parity.Tests;

/// <summary>
/// Replaces every function with a kink by the straight piece that its argument is on, whose slope and offset are inputs: x·slope + offset. They come
/// from one run of the oracle, so that no rounding moves an argument to another piece.
/// </summary>
internal sealed class TakeSides : Pass
{
    private const string Slope = "slope";
    private const string Offset = "offset";

    private readonly List<(Node Node, Value Slope, Value Offset)> _pieces = [];

    public override string Name => "take_sides";

    /// <summary>A graph whose outputs are the arguments of all functions that are replaced.</summary>
    internal static Graph Arguments(Graph source)
    {
        var to = new Remap(source);
        foreach (var node in source.Nodes)
        {
            to.Copy(node);
            if (Piece(node.Op, 0) is not null) to.Graph.Output(node.Index.ToString(CultureInfo.InvariantCulture), to[node.Inputs[0]]);
        }

        return to.Graph;
    }

    /// <summary>The slopes and offsets by the names of their inputs, from the arguments that the oracle found.</summary>
    internal Dictionary<string, HostTensor> Pieces(Func<string, OracleTensor> arguments)
    {
        var inputs = new Dictionary<string, HostTensor>(StringComparer.Ordinal);
        foreach (var (node, slope, offset) in _pieces)
        {
            var x = arguments(node.Index.ToString(CultureInfo.InvariantCulture));
            var (slopes, offsets) = (new HostTensor(slope.Type), new HostTensor(offset.Type));
            for (var i = 0; i < x.Elements.Length; i++)
            {
                var piece = Piece(node.Op, x[i])!.Value;
                (slopes.Floats[i], offsets.Floats[i]) = ((float)piece.Slope, (float)piece.Offset);
            }

            inputs.Add(slope.Variable!.Label, slopes);
            inputs.Add(offset.Variable!.Label, offsets);
        }

        return inputs;
    }

    protected override Value[]? Rewrite(Node node, Remap to)
    {
        if (Piece(node.Op, 0) is null) return null;
        var x = to[node.Inputs[0]];
        var type = TensorType.F32(x.Shape.ToArray());
        var (slope, offset) = (to.Graph.Input($"{Slope}{node.Index}", type), to.Graph.Input($"{Offset}{node.Index}", type));
        _pieces.Add((node, slope, offset));
        var line = x.Times(slope).Plus(offset);
        return [node.Op is HardSwish ? x.Times(line) : line];
    }

    /// <summary>The line that a function is at an argument; of hard swish, x·line, the line. Null for functions without kinks.</summary>
    private static (double Slope, double Offset)? Piece(Op op, double x) => op switch
    {
        Relu => x > 0 ? (1, 0) : (0, 0),
        LeakyRelu leaky => (x > 0 ? 1 : leaky.Slope, 0),
        Clip clip => x <= clip.Low ? (0, clip.Low) : x >= clip.High ? (0, clip.High) : (1, 0),
        HardSwish or HardSigmoid => x <= -3 ? (0, 0) : x >= 3 ? (0, 1) : (1 / 6.0, 0.5),
        _ => null,
    };
}
