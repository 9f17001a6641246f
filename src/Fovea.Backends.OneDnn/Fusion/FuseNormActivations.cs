using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;

namespace Fovea.Backends.OneDnn.Fusion;

/// <summary>
/// Joins a training batch-norm and the function that alone reads it, and their gradients. ReLU is left to <see cref="FuseNormSums"/>, which keeps bits for
/// it.
/// </summary>
/// <param name="computes">Whether there are vectors of an operation.</param>
internal sealed class FuseNormActivations(Func<Op, bool> computes) : Pass
{
    private readonly Dictionary<Node, Node> _activations = [];
    private readonly Dictionary<Node, Node> _gradients = [];

    public override string Name => "fuse_norm_activations";

    protected override void Prepare(Graph source)
    {
        _activations.Clear();
        _gradients.Clear();
        var readers = new Dictionary<Value, List<Node>>();
        foreach (var node in source.Nodes)
            foreach (var input in node.Inputs) (readers.TryGetValue(input, out var list) ? list : readers[input] = []).Add(node);
        foreach (var node in source.Nodes)
            if (node.Op is BatchNormTraining && readers.TryGetValue(node.Result, out var list) && list.Count == node.Result.Uses) Match(node, list, readers);
    }

    protected override Value[]? Rewrite(Node node, Remap to)
    {
        if (_activations.TryGetValue(node, out var activation))
            return [.. to.Graph.AddNode(new NormActivation(((BatchNormTraining)node.Op).Epsilon, (Pointwise)activation.Op),
                [.. node.Inputs.Select(input => to[input])]).Results];
        if (node.Op is Pointwise && _activations.TryGetValue(node.Inputs[0].Node, out var mine) && mine == node) return [to[node.Inputs[0]]];
        if (!_gradients.TryGetValue(node, out var masked)) return null;
        var op = new NormActivationGradient(((BatchNormGradient)node.Op).Epsilon, ((PointwiseGradient)masked.Op).Of);
        return [.. to.Graph.AddNode(op, [.. node.Inputs.Take(5).Select(input => to[input]), to[masked.Inputs[1]]]).Results];
    }

    /// <summary>z = norm(x) is read by f and, where there is a gradient, by f′ whose product with dy only the gradient of the norm reads.</summary>
    private void Match(Node norm, List<Node> readers, Dictionary<Value, List<Node>> all)
    {
        if (readers.Find(node => node.Op is Pointwise function && Suits(function)) is not { } activation) return;
        var rest = readers.Where(node => node != activation).ToList();
        if (rest.Count == 0)
        {
            _activations[norm] = activation;
            return;
        }

        if (rest is not [{ Op: PointwiseGradient masked } gradient] || masked.Of != (Pointwise)activation.Op || gradient.Inputs[0] != norm.Result) return;
        if (!gradient.Result.UsedOnce || !all.TryGetValue(gradient.Result, out var ends) || ends is not [{ Op: BatchNormGradient } end]) return;
        if (end.Inputs[5] != gradient.Result || end.Inputs[0] != norm.Inputs[0] || end.Inputs[3] != norm.Results[1]) return;
        _activations[norm] = activation;
        _gradients[end] = gradient;
    }

    private bool Suits(Pointwise function) =>
        function is not (Relu or Affine) && !function.DerivativeOfResult && function.Function(0) == 0
        && computes(function) && computes(new PointwiseGradient(function));
}
