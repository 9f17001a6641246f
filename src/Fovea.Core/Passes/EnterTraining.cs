using System.Collections.Frozen;
using System.Globalization;
using Fovea.Analysis;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Passes;

/// <summary>Turns a model graph into its training form: batch statistics with updates of the running ones, live randomness, auxiliary outputs.</summary>
/// <remarks>
/// Random operations read the counter from an input <c>step</c> (s32 [1]), declared here when the model has any. Each draws from a stream of its own,
/// that of its name: its module, what it is, and its number among those of which both are the same. So another node changes nobody else's draws.
/// </remarks>
/// <param name="seed">The key of all random draws.</param>
/// <param name="ghostBatch">
/// Ghost batch norm (Hoffer et al. 2017, arXiv:1705.08741): a batch of at least twice so many images is normalised in groups, which are as many as can be of
/// at least so many images, and differ by at most one; running statistics follow one group after the other, as they would small batches. 0, the default,
/// normalises whole batches.
/// </param>
public sealed class EnterTraining(ulong seed = 0, int ghostBatch = 0) : Pass
{
    /// <summary>The input that numbers the step, for random operations.</summary>
    public const string StepInput = "step";

    private const string Purpose = "training";

    /// <summary>How many random operations of a name there were.</summary>
    private readonly Dictionary<string, int> _named = new(StringComparer.Ordinal);

    /// <summary>What running statistics become.</summary>
    private readonly Dictionary<Value, Value> _tracked = [];

    private HashSet<Node> _evaluated = [];

    /// <summary>
    /// The parameters and states that stay as they are (<see cref="FrozenVariables"/>): norms among them are evaluated by their running statistics, which
    /// do not move, and what is random between them is as in evaluation. Default none.
    /// </summary>
    public IReadOnlySet<string> Frozen { get; init; } = FrozenSet<string>.Empty;

    /// <inheritdoc/>
    public override string Name => "enter_training";

    /// <inheritdoc/>
    public override Graph Apply(Graph source)
    {
        _tracked.Clear();
        _named.Clear();
        var graph = base.Apply(source);
        foreach (var (running, next) in _tracked) graph.Update(running, next);
        foreach (var (name, value, _) in graph.Auxiliaries)
            if (graph.Outputs.All(output => output.Name != name)) graph.Output(name, value);
        return graph;
    }

    /// <inheritdoc/>
    protected override void Prepare(Graph source) => _evaluated = FrozenVariables.Evaluated(source, Frozen);

    /// <inheritdoc/>
    protected override Value[]? Rewrite(Node node, Remap to) => node switch
    {
        _ when _evaluated.Contains(node) => Evaluate(node, to),
        { Op: BatchNorm norm } => [Normalise(node, norm, to)],
        { Op: Dropout or RandomBranch or ShakeShake } => Randomise(node, Stream(node), to),
        _ => null,
    };

    private Value[]? Randomise(Node node, ulong stream, Remap to) => node.Op switch
    {
        Dropout { Rate: > 0 } dropout => [to[node.Inputs[0]].RandomDropout(Step(to.Graph), dropout.Rate, seed, stream)],
        RandomBranch { Law.IsIdentity: true } => [to[node.Inputs[0]]],
        RandomBranch branch => [Scaled(to[node.Inputs[0]], branch.Law, stream)],
        ShakeShake shake => [Scaled(to[node.Inputs[0]], shake.First, stream).Plus(Scaled(to[node.Inputs[1]], shake.Second, stream))],
        _ => null,
    };

    /// <summary>What is random keeps its number: that it is frozen changes nobody else's draws.</summary>
    private Value[]? Evaluate(Node node, Remap to)
    {
        if (node.Op is not BatchNorm) Stream(node);
        return RemoveTrainingOnly.Evaluated(node, to);
    }

    /// <summary>Those that draw nothing are counted, too: a rate above 0 changes nobody else's name.</summary>
    private ulong Stream(Node node)
    {
        var name = $"{node.Path}/{node.Op.Name}";
        var number = _named[name] = _named.GetValueOrDefault(name) + 1;
        return Philox.Stream(Purpose, $"{name}/{number.ToString(CultureInfo.InvariantCulture)}");
    }

    private Value Scaled(Value x, ScaleLaw law, ulong stream) => x.Graph.Add(new RandomScale(law, seed, stream), x, Step(x.Graph));

    private static Value Step(Graph graph) =>
        graph.Find(StepInput) ?? graph.Input(StepInput, new TensorType(DType.Int32, new Shape(1)));

    private Value Normalise(Node node, BatchNorm norm, Remap to)
    {
        var (x, count) = (to[node.Inputs[0]], ghostBatch == 0 ? 1 : Math.Max(1, to[node.Inputs[0]].Shape.N / ghostBatch));
        var groups = new Value[count];
        for (var (i, start) = (0, 0); i < count; i++)
        {
            var size = (x.Shape.N / count) + (i < x.Shape.N % count ? 1 : 0);
            var group = count == 1 ? x : x.Slice(0, start, size);
            var normed = to.Graph.AddNode(new BatchNormTraining(norm.Epsilon), group, to[node.Inputs[1]], to[node.Inputs[2]]);
            var n = (double)group.Shape.Elements / group.Shape.C;
            Track(to[node.Inputs[3]], normed.Results[1], norm.Momentum, 1);
            Track(to[node.Inputs[4]], normed.Results[2], norm.Momentum, n > 1 ? n / (n - 1) : 1);
            groups[i] = normed.Results[0];
            start += size;
        }

        return count == 1 ? groups[0] : groups[0].Concat(0, groups.AsSpan(1));
    }

    /// <summary>A norm that is applied more than once, or to groups, tracks one after the other, in the order of its applications.</summary>
    private void Track(Value running, Value batch, double momentum, double factor) =>
        _tracked[running] = _tracked.GetValueOrDefault(running, running).Blend(batch, 1 - momentum, momentum * factor);
}
