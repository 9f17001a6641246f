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
        private readonly HashSet<Node> _done = [];
        private List<Node> _waiting = [];

        internal Rewriting(Graph source)
        {
            (_source, _to) = (source, new Remap(source));
            foreach (var node in source.Nodes)
            {
                if (IsEnd(node)) _branches.UnionWith(Branches(node));
                if (node.Op is BatchNormGradient) (_gradients.TryGetValue(node.Inputs[5], out var group) ? group : _gradients[node.Inputs[5]] = []).Add(node);
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
            if (_branches.Contains(node) || _done.Contains(node)) return;
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

            var rectified = end.Op is Relu or SumAll { Activation: Relu };
            var fused = _to.Graph.AddNode(new NormSum(norms.Count, Epsilon(norms[0]), rectified), [.. operands.Select(operand => _to[operand])]);
            if (rectified) _rectified.Add(end.Result);
            for (var i = 0; i < norms.Count; i++)
                Known(norms[i], () => _to.Set(norms[i], [fused.Results[0], fused.Results[1 + (2 * i)], fused.Results[2 + (2 * i)]]));
            if (end.Op is not BatchNormTraining) Known(end, () => _to.Set(end, [fused.Results[0]]));
        }

        private void JoinGradients(Node first)
        {
            var dz = first.Inputs[5];
            var mask = dz.Op is PointwiseGradient { Of: Relu } && _rectified.Contains(dz.Node.Inputs[0]) ? dz.Node : null;
            var group = _gradients[dz].Where(node => ((BatchNormGradient)node.Op).Epsilon == ((BatchNormGradient)first.Op).Epsilon && IsReady(node) && !_done.Contains(node))
                .Take(NormWork.Most).ToList();
            if (!IsReady(first) || (mask is not null && !mask.Inputs.All(_known.Contains)))
            {
                _waiting.Add(first);
                return;
            }

            List<Value> operands = [.. group.SelectMany(node => new[] { node.Inputs[0], node.Inputs[1], node.Inputs[3], node.Inputs[4] })];
            operands.AddRange(mask is null ? [dz] : mask.Inputs);
            var givesTerm = mask is not null && dz.Uses > group.Count;
            var op = new NormSumGradient(group.Count, ((BatchNormGradient)first.Op).Epsilon, mask is not null, givesTerm);
            var fused = _to.Graph.AddNode(op, [.. operands.Select(operand => _to[operand])]);
            for (var i = 0; i < group.Count; i++)
                Known(group[i], () => _to.Set(group[i], [.. fused.Results.Skip(3 * i).Take(3)]));
            if (givesTerm) Known(dz.Node, () => _to.Set(dz.Node, [fused.Results[^1]]));
        }

        /// <summary>Whether all operands but the gradient are there, and, where it is not made here, the gradient too.</summary>
        private bool IsReady(Node gradient) => gradient.Inputs.All(_known.Contains);

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
