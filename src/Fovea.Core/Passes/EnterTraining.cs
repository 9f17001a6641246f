using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Passes;

/// <summary>Turns a model graph into its training form: batch statistics with updates of the running ones, live randomness, auxiliary outputs.</summary>
/// <remarks>Random operations read the counter from an input <c>step</c> (s32 [1]), declared here when the model has any.</remarks>
/// <param name="seed">The key of all random draws.</param>
public sealed class EnterTraining(ulong seed = 0) : Pass
{
    /// <summary>The input that numbers the step, for random operations.</summary>
    public const string StepInput = "step";

    /// <summary>What running statistics become.</summary>
    private readonly Dictionary<Value, Value> _tracked = [];

    /// <inheritdoc/>
    public override string Name => "enter_training";

    /// <inheritdoc/>
    public override Graph Apply(Graph source)
    {
        _tracked.Clear();
        var graph = base.Apply(source);
        foreach (var (running, next) in _tracked) graph.Update(running, next);
        foreach (var (name, value, _) in graph.Auxiliaries)
            if (graph.Outputs.All(output => output.Name != name)) graph.Output(name, value);
        return graph;
    }

    /// <inheritdoc/>
    protected override Value[]? Rewrite(Node node, Remap to) => node switch
    {
        { Op: BatchNorm norm } => [Normalise(node, norm, to)],
        { Op: Dropout { Rate: > 0 } dropout } => [to[node.Inputs[0]].RandomDropout(Step(to.Graph), dropout.Rate, seed, (ulong)node.Index)],
        { Op: RandomBranch { Law.IsIdentity: true } } => [to[node.Inputs[0]]],
        { Op: RandomBranch branch } => [Scaled(node, 0, branch.Law, to)],
        { Op: ShakeShake shake } => [Scaled(node, 0, shake.First, to).Plus(Scaled(node, 1, shake.Second, to))],
        _ => null,
    };

    private Value Scaled(Node node, int input, ScaleLaw law, Remap to) =>
        to.Graph.Add(new RandomScale(law, seed, (ulong)node.Index), to[node.Inputs[input]], Step(to.Graph));

    private static Value Step(Graph graph) =>
        graph.Find(StepInput) ?? graph.Input(StepInput, new Tensors.TensorType(Tensors.DType.Int32, new Tensors.Shape(1)));

    private Value Normalise(Node node, BatchNorm norm, Remap to)
    {
        var (x, gamma, beta) = (to[node.Inputs[0]], to[node.Inputs[1]], to[node.Inputs[2]]);
        var training = to.Graph.AddNode(new BatchNormTraining(norm.Epsilon), x, gamma, beta);
        var n = (double)x.Shape.Elements / x.Shape.C;
        Track(to[node.Inputs[3]], training.Results[1], norm.Momentum, correction: 1);
        Track(to[node.Inputs[4]], training.Results[2], norm.Momentum, correction: n > 1 ? n / (n - 1) : 1);
        return training.Results[0];
    }

    /// <summary>A norm that is applied more than once tracks one batch after the other, in the order of its applications.</summary>
    private void Track(Value running, Value batch, double momentum, double correction) =>
        _tracked[running] = _tracked.GetValueOrDefault(running, running).Blend(batch, 1 - momentum, momentum * correction);
}
