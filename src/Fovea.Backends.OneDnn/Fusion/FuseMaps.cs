using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Fusion;

/// <summary>Makes trees of operations that work element by element one <see cref="Map"/> each, with the reduction that alone reads them.</summary>
/// <remarks>
/// A value joins its reader when nothing else reads it and both have one shape. Casts between float32 and bfloat16 on the way are left out, since a map
/// reads both; where one rounds what is computed in the map, or was read as float32, it is a term. Constant operands stay operands.
/// </remarks>
/// <param name="computes">Whether there are vectors of an operation.</param>
internal sealed class FuseMaps(Func<Op, bool> computes) : Pass
{
    private const int MostTerms = 24;
    private const int MostInputs = 14;

    public override string Name => "fuse_maps";

    public override Graph Apply(Graph source)
    {
        var (to, groups, absorbed) = (new Remap(source), new Dictionary<Node, Group>(), new HashSet<Node>());
        for (var i = source.Nodes.Count - 1; i >= 0; i--)
        {
            var node = source.Nodes[i];
            if (absorbed.Contains(node) || !IsRoot(node)) continue;
            var group = new Group(node, IsMappable);
            if (!group.IsWorthwhile) continue;
            groups[node] = group;
            absorbed.UnionWith(group.Absorbed);
        }

        foreach (var node in source.Nodes)
        {
            if (absorbed.Contains(node)) continue;
            if (groups.TryGetValue(node, out var group)) to.Set(node, [group.Emit(to)]);
            else to.Copy(node);
        }

        to.Finish();
        return to.Graph;
    }

    protected override Value[]? Rewrite(Node node, Remap to) => null;

    private bool IsRoot(Node node) => IsMappable(node) || Reduction(node) is not null;

    /// <summary>Whether a node works element by element, on float32 or bfloat16.</summary>
    private bool IsMappable(Node node) => node.Result.Type.DType.IsFloat && node.Op switch
    {
        Cast => IsFloatCast(node),
        SumAll sum => sum.Activation is null || computes(sum.Activation),
        AvgPoolGradient pool => IsWhole(pool),
        Pointwise or PointwiseGradient or Binary or Blend or Broadcast or ScaleImages => computes(node.Op),
        _ => false,
    };

    private static bool IsFloatCast(Node node) => node.Op is Cast && node.Result.Type.DType.IsFloat && node.Inputs[0].Type.DType.IsFloat;

    private static bool IsNarrowing(Node cast) => cast.Result.Type.DType.Size < cast.Inputs[0].Type.DType.Size;

    /// <summary>The reduction that a node is; the mean over a whole image is one.</summary>
    private static Reduce? Reduction(Node node) => node.Op switch
    {
        Reduce reduce => reduce,
        AvgPool pool when IsWhole(pool, node.Inputs[0].Shape) => new Reduce(ReduceKind.Mean, AxisSet.Of(2, 3),
            KeepDims: true),
        _ => null,
    };

    /// <summary>Whether a pool is the mean over a whole image, which is taken as a reduction; its gradient likewise.</summary>
    internal static bool IsWhole(AvgPool pool, Shape x) => IsWhole(pool.KernelH, pool.KernelW, pool.Window, x);

    internal static bool IsWhole(AvgPoolGradient pool) => IsWhole(pool.KernelH, pool.KernelW, pool.Window, pool.X);

    private static bool IsWhole(int h, int w, Window2d window, Shape image) =>
        h == image.H && w == image.W && window is { Top: 0, Bottom: 0, Left: 0, Right: 0, DilationH: 1, DilationW: 1 };

    /// <summary>The nodes of one map, collected from its end.</summary>
    private sealed class Group
    {
        private readonly Node _root;
        private readonly Func<Node, bool> _isMappable;
        private readonly Shape _shape;
        private readonly Reduce? _reduction;
        private readonly List<Value> _inputs = [];
        private readonly HashSet<Node> _members = [];
        private readonly Dictionary<Value, Value> _sources = [];
        private readonly HashSet<Value> _rounded = [];

        internal Group(Node root, Func<Node, bool> isMappable)
        {
            (_root, _isMappable, _reduction) = (root, isMappable, Reduction(root));
            _shape = _reduction is null ? root.Result.Shape : root.Inputs[0].Shape;
            _members.Add(root);
            foreach (var input in root.Inputs) Visit(input);
            if (root.Op is Cast && !IsNarrowing(root)) _rounded.Add(root.Inputs[0]);
        }

        /// <summary>What the map leaves no need for: its nodes but the last, and casts on the way.</summary>
        internal HashSet<Node> Absorbed { get; } = [];

        /// <summary>Whether it is more than a change of type, which reorders do on the way.</summary>
        internal bool IsWorthwhile => _members.Any(node => node.Op is not Cast);

        internal Value Emit(Remap to)
        {
            var (inputs, terms, registers) = (new List<Value>(), new List<MapTerm>(), new Dictionary<Value, int>());
            foreach (var input in _inputs.Distinct())
            {
                registers[input] = inputs.Count;
                inputs.Add(to[input]);
            }

            var last = _reduction is null ? Compute(_root) : Register(_root.Inputs[0]);
            var program = new MapProgram(_shape, inputs.Count, [.. terms], new MapSink(last, _reduction, _root.Result.Type));
            return to.Graph.Add(new Map(program), [.. inputs]);

            int Register(Value value)
            {
                if (registers.TryGetValue(value, out var known)) return known;
                var source = _sources[value];
                if (!registers.TryGetValue(source, out var register)) registers[source] = register = Compute(source.Node);
                var isExact = source.Type.DType == DType.BFloat16 && !_members.Contains(source.Node);
                return _rounded.Contains(value) && !isExact ? registers[value] = Rounded(register) : register;
            }

            int Rounded(int register) => Term(new Cast(DType.BFloat16), register, register);

            int Compute(Node node)
            {
                var operands = node.Inputs.Select(Register).ToArray();
                if (node.Op is SumAll sum)
                {
                    var total = operands[0];
                    for (var i = 1; i < operands.Length; i++) total = Term(new Add(), total, operands[i]);
                    return sum.Activation is null ? total : Term(sum.Activation, total, total);
                }

                return node.Op is Cast ? operands[0] : Term(node.Op, operands[0], operands[^1]);
            }

            int Term(Op op, int a, int b)
            {
                terms.Add(new MapTerm(op, a, b));
                return inputs.Count + terms.Count - 1;
            }
        }

        /// <summary>
        /// Takes in what computes a value, or else the value as an input. Casts that something else reads too stay where they narrow, since what they
        /// read would live on for this, and where their operand ends a map.
        /// </summary>
        private void Visit(Value value)
        {
            var (source, once) = (value, value.UsedOnce);
            for (var casts = 0; casts < MostTerms && IsFloatCast(source.Node); casts++)
            {
                var inner = source.Node.Inputs[0];
                if (!once && (IsNarrowing(source.Node) || (inner.UsedOnce && _isMappable(inner.Node)))) break;
                if (once) Absorbed.Add(source.Node);
                _rounded.Add(value);
                source = inner;
                once &= source.UsedOnce;
            }

            _sources[value] = source;
            if (!once || source.Shape != _shape || !_isMappable(source.Node) || IsFull(source.Node))
            {
                _inputs.Add(source);
                return;
            }

            Absorbed.Add(source.Node);
            _members.Add(source.Node);
            foreach (var input in source.Node.Inputs) Visit(input);
        }

        private bool IsFull(Node next) => _members.Sum(Terms) + Terms(next) > MostTerms || _inputs.Count + next.Inputs.Count > MostInputs;

        private static int Terms(Node node) => node.Op is SumAll ? node.Inputs.Count : 1;
    }
}
