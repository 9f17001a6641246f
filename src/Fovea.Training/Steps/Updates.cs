using System.Diagnostics;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;
using Fovea.Training.Recipes;

namespace Fovea.Training.Steps;

/// <summary>Adds what becomes of parameters, moments and averages, given gradients.</summary>
/// <param name="graph">The graph that receives the nodes.</param>
/// <param name="options">The rule, clipping, averages.</param>
/// <param name="gradientScale">A factor on all gradients, f32 []; null for 1.</param>
internal sealed class Updates(Graph graph, TrainingGraphOptions options, Value? gradientScale)
{
    private static readonly TensorType s_number = new(DType.Float32, Shape.Scalar);

    internal void Apply(IReadOnlyList<(Value Parameter, Value Gradient)> gradients)
    {
        var rate = graph.Input(TrainingGraph.LearningRate, s_number);
        var scale = Scale(gradients);
        var next = graph.Updates.ToDictionary(update => update.Variable, update => update.Next);
        foreach (var (w, g) in gradients) next[w] = Step(w, g, rate, scale);
        foreach (var (w, _) in gradients) graph.Update(w, next[w]);
        if (options.Average) Average(next);
    }

    private Value Scale(IReadOnlyList<(Value Parameter, Value Gradient)> gradients)
    {
        var one = gradientScale ?? graph.Constant(1f);
        if (options.ClipGradientNorm == 0 && !options.GradientNorm) return one;
        var squared = graph.Add(new SquaredNorm(), [.. gradients.Select(pair => pair.Gradient)]);
        if (gradientScale is not null) squared = squared.Times(gradientScale.Square());
        if (options.GradientNorm) graph.Output(TrainingGraph.GradientNorm, squared.Sqrt());
        return options.ClipGradientNorm == 0 ? one : ClippedScale(squared);
    }

    private Value ClippedScale(Value squaredNorm)
    {
        var factor = graph.Add(new ClipFactor(options.ClipGradientNorm), squaredNorm);
        return gradientScale is null ? factor : factor.Times(gradientScale);
    }

    private Value Step(Value w, Value g, Value rate, Value scale)
    {
        var decay = w.Shape.Rank > 1 || options.Optimizer.Decay1d ? options.Optimizer.WeightDecay : 0;
        return options.Optimizer switch
        {
            SgdOptions sgd => Sgd(sgd, decay, w, g, rate, scale),
            AdamWOptions adam => AdamW(adam, decay, w, g, rate, scale),
            _ => throw new UnreachableException($"{options.Optimizer.Kind} has no update rule"),
        };
    }

    private Value Sgd(SgdOptions sgd, double decay, Value w, Value g, Value rate, Value scale)
    {
        var op = new SgdStep(sgd.Momentum, sgd.Nesterov, decay);
        if (sgd.Momentum == 0) return graph.Add(op, w, g, rate, scale);
        var v = Slot(SlotNames.Momentum, w);
        var step = graph.AddNode(op, w, g, v, rate, scale);
        graph.Update(v, step.Results[1]);
        return step.Results[0];
    }

    private Value AdamW(AdamWOptions adam, double decay, Value w, Value g, Value rate, Value scale)
    {
        var (m, v) = (Slot(SlotNames.FirstMoment, w), Slot(SlotNames.SecondMoment, w));
        var number = graph.Find(TrainingGraph.Step) ?? graph.Input(TrainingGraph.Step, new TensorType(DType.Int32, new Shape(1)));
        var step = graph.AddNode(new AdamWStep(adam.Beta1, adam.Beta2, adam.Epsilon, decay), w, g, m, v, rate, number, scale);
        graph.Update(m, step.Results[1]);
        graph.Update(v, step.Results[2]);
        return step.Results[0];
    }

    private void Average(Dictionary<Value, Value> next)
    {
        var decay = graph.Input(TrainingGraph.AverageDecay, s_number);
        var kept = graph.Variables.Where(value => value.Variable!.Kind is VariableKind.Parameter or VariableKind.State).ToArray();
        foreach (var value in kept)
        {
            var average = Slot(SlotNames.Average, value);
            graph.Update(average, graph.Add(new EmaStep(), average, next.GetValueOrDefault(value, value), decay));
        }
    }

    private Value Slot(string prefix, Value of) => graph.Slot(prefix + of.Variable!.Label, of.Type, Initializer.Zeros);
}
