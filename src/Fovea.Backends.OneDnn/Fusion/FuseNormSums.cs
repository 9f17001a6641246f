using Fovea.Backends.OneDnn.Managed;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;

namespace Fovea.Backends.OneDnn.Fusion;

/// <summary>Makes every training batch-norm a <see cref="NormSum"/>, together with the sum and the ReLU that alone read it; gradients likewise.</summary>
/// <remarks>
/// A branch is computed where its sum stands, which may be after nodes that read its statistics; those wait until their operands exist.
/// </remarks>
internal sealed class FuseNormSums : Pass
{
    public override string Name => "fuse_norm_sums";

    public override Graph Apply(Graph source) => new Rewriting(source).Run();

    protected override Value[]? Rewrite(Node node, Remap to) => null;

    private sealed class Rewriting
    {
        private readonly Graph _source;
        private readonly Remap _to;
        private readonly HashSet<Value> _known = [];
        private readonly HashSet<Node> _branches = [];
        private readonly HashSet<Value> _rectified = [];
        private readonly Dictionary<Value, List<Node>> _gradients = [];
        private readonly HashSet<Node> _joined = [];
        private readonly HashSet<Node> _done = [];
        private List<Node> _waiting = [];

        internal Rewriting(Graph source)
        {
            (_source, _to) = (source, new Remap(source));
            foreach (var node in source.Nodes)
            {
                if (IsEnd(node)) _branches.UnionWith(Branches(node));
                if (IsEnd(node) && IsRectified(node)) _rectified.Add(node.Result);
                if (node.Op is BatchNormGradient) (_gradients.TryGetValue(node.Inputs[5], out var group) ? group : _gradients[node.Inputs[5]] = []).Add(node);
            }

            foreach (var dz in _gradients.Keys)
            {
                if (Mask(dz) is { } mask) _joined.Add(mask);
                if (Sum(dz) is { } sum) _joined.Add(sum);
            }
        }

        internal Graph Run()
        {
            foreach (var node in _source.Nodes)
            {
                Visit(node);
                if (_waiting.Count == 0) continue;
                var again = _waiting;
                _waiting = [];
                foreach (var waiting in again) Visit(waiting);
            }

            if (_waiting.Count > 0) throw new GraphException($"{_waiting[0]}: its operands are never computed");
            _to.Finish();
            return _to.Graph;
        }

        private void Visit(Node node)
        {
            if (_branches.Contains(node) || _joined.Contains(node) || _done.Contains(node)) return;
            if (IsEnd(node)) Join(node);
            else if (node.Op is BatchNormGradient) JoinGradients(node);
            else if (node.Inputs.All(_known.Contains)) Known(node, () => _to.Copy(node));
            else _waiting.Add(node);
        }

        private void Join(Node end)
        {
            var norms = end.Op is BatchNormTraining ? [end] : Branches(end);
            List<Value> operands = [.. norms.SelectMany(norm => norm.Inputs), .. Terms(end)];
            if (!operands.TrueForAll(_known.Contains))
            {
                _waiting.Add(end);
                return;
            }

            var rectified = IsRectified(end);
            var fused = _to.Graph.AddNode(new NormSum(norms.Count, Epsilon(norms[0]), rectified), [.. operands.Select(operand => _to[operand])]);
            for (var i = 0; i < norms.Count; i++)
                Known(norms[i], () => _to.Set(norms[i], [fused.Results[0], fused.Results[1 + (2 * i)], fused.Results[2 + (2 * i)]]));
            if (end.Op is not BatchNormTraining) Known(end, () => _to.Set(end, [fused.Results[0]]));
        }

        private void JoinGradients(Node first)
        {
            var (dz, epsilon) = (first.Inputs[5], ((BatchNormGradient)first.Op).Epsilon);
            var (mask, sum) = _known.Contains(dz) ? default : (Mask(dz), Sum(dz));
            List<Value> gradients = sum is not null ? [.. sum.Inputs] : [mask is null ? dz : mask.Inputs[1]];
            if (mask is not null) gradients.Insert(0, mask.Inputs[0]);
            if (!IsReady(first) || !gradients.TrueForAll(_known.Contains))
            {
                _waiting.Add(first);
                return;
            }

            var group = _gradients[dz]
                .Where(node => ((BatchNormGradient)node.Op).Epsilon == epsilon && IsReady(node) && !_done.Contains(node))
                .Take(NormWork.Most).ToList();
            List<Value> operands = [.. group.SelectMany(node => new[] { node.Inputs[0], node.Inputs[1], node.Inputs[3], node.Inputs[4] }), .. gradients];
            var terms = sum?.Inputs.Count ?? 1;
            var givesTerm = terms > 1 || (mask is not null && dz.Uses > group.Count);
            var op = new NormSumGradient(group.Count, epsilon, mask is not null, givesTerm, terms);
            var fused = _to.Graph.AddNode(op, [.. operands.Select(operand => _to[operand])]);
            for (var i = 0; i < group.Count; i++)
                Known(group[i], () => _to.Set(group[i], [.. fused.Results.Skip(3 * i).Take(3)]));
            if (givesTerm) Known(dz.Node, () => _to.Set(dz.Node, [fused.Results[^1]]));
        }

        /// <summary>Whether all operands are there but the gradient, which may be made here.</summary>
        private bool IsReady(Node gradient) => gradient.Inputs.Take(5).All(_known.Contains);

        /// <summary>The gradient of a fused ReLU that dz is, which the bit mask replaces; or null.</summary>
        private Node? Mask(Value dz) => dz.Op is PointwiseGradient { Of: Relu } && _rectified.Contains(dz.Node.Inputs[0]) ? dz.Node : null;

        /// <summary>The sum that dz is, or is the mask of, unless it ends a fusion of norms itself; or null.</summary>
        private Node? Sum(Value dz)
        {
            var mask = Mask(dz);
            var dy = mask is null ? dz : mask.Inputs[1];
            return dy.Op is SumAll { Activation: null } && (mask is null || dy.UsedOnce) && dy.Node.Inputs.Count <= NormWork.Most && !IsEnd(dy.Node)
                ? dy.Node
                : null;
        }

        private void Known(Node node, Action set)
        {
            set();
            _done.Add(node);
            _known.UnionWith(node.Results);
        }

        /// <summary>Whether a node ends a fusion: a sum or ReLU over branches, or a norm that stands alone.</summary>
        private bool IsEnd(Node node) => node.Op switch
        {
            Relu or SumAll { Activation: null or Relu } => Branches(node).Count > 0,
            BatchNormTraining => !_branches.Contains(node),
            _ => false,
        };

        private static bool IsRectified(Node end) => end.Op is Relu or SumAll { Activation: Relu };

        /// <summary>The norms that a sum or ReLU alone reads; of one ε, since a fusion has one. None where the sum is larger than a fusion can be.</summary>
        private static List<Node> Branches(Node end)
        {
            if (end.Op is BatchNormTraining || end.Inputs.Count > NormWork.Most) return [];
            var norms = end.Inputs.Where(input => input is { Index: 0, UsedOnce: true, Op: BatchNormTraining }).Select(input => input.Node).ToList();
            return norms.FindAll(norm => Epsilon(norm) == Epsilon(norms[0]));
        }

        private static IEnumerable<Value> Terms(Node end)
        {
            if (end.Op is BatchNormTraining) return [];
            var norms = Branches(end);
            return end.Inputs.Where(input => input.Index != 0 || !norms.Contains(input.Node));
        }

        private static double Epsilon(Node norm) => ((BatchNormTraining)norm.Op).Epsilon;
    }
}
