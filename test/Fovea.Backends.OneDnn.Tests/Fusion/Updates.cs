using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Tests.Fusion;

/// <summary>Graphs that hold nothing but the updates of one weight, by rules of optimisers written out.</summary>
internal static class Updates
{
    internal delegate Value Rule(Graph graph, Value w, Value g, Value rate);

    internal static IReadOnlyDictionary<string, Rule> Rules { get; } = new Dictionary<string, Rule>
    {
        ["plain"] = (_, w, g, rate) => w.Minus(g.Times(rate)),
        ["momentum"] = (graph, w, g, rate) => w.Minus(Next(graph, w, "v", v => v.Blend(g.Blend(w, 1, 1e-2), 0.9, 1)).Times(rate)),
        ["nesterov"] = (graph, w, g, rate) =>
        {
            var decayed = g.Blend(w, 1, 1e-2);
            return w.Minus(decayed.Blend(Next(graph, w, "v", v => v.Blend(decayed, 0.9, 1)), 1, 0.9).Times(rate));
        },
        ["adamw"] = (graph, w, g, rate) =>
        {
            var m = Next(graph, w, "m", old => old.Blend(g, 0.9, 0.1));
            var v = Next(graph, w, "v", old => old.Blend(g.Square(), 0.99, 0.01));
            return w.Times(0.999).Minus(m.Times(rate).Over(v.Sqrt().Plus(1e-6)));
        },
        ["sign"] = (graph, w, g, rate) =>
        {
            var (m, zero) = (Slot(graph, w, "m"), graph.Constant(0f));
            var blend = m.Blend(g, 0.9, 0.1);
            graph.Update(m, m.Blend(g, 0.99, 0.01));
            return w.Minus(blend.AtLeast(zero).Minus(zero.AtLeast(blend)).Times(rate));
        },
        ["largest"] = (graph, w, g, rate) =>
        {
            var v = Next(graph, w, "v", old => old.Blend(g.Square(), 0.9, 0.1));
            return w.Minus(g.Times(rate).Over(Next(graph, w, "most", most => most.Maximum(v)).Sqrt().Plus(1e-3)));
        },
    };

    /// <summary>A weight, its slots, and its average with a share from outside.</summary>
    internal static Graph Graph(string rule, Shape shape)
    {
        var graph = new Graph(rule);
        var w = graph.Parameter("w", shape, new Initializer.Uniform(1));
        var next = Rules[rule](graph, w, graph.Input("g", new TensorType(DType.Float32, shape)), graph.Input("rate", TensorType.F32()));
        var (average, share) = (Slot(graph, w, "average"), graph.Input("share", TensorType.F32()));
        graph.Update(w, next);
        graph.Update(average, next.Plus(average.Minus(next).Times(share)));
        return graph;
    }

    /// <summary>Fills the inputs and runs.</summary>
    internal static void Run(IExecutable plan)
    {
        foreach (var value in plan.Graph.Variables)
        {
            if (value.Variable is not { Kind: VariableKind.Input } input) continue;
            Initializer content = input.Type.Shape.Rank == 0 ? new Initializer.Fill(0.3) : new Initializer.Uniform(1);
            plan.Fill(input.Label, content.Make(input.Type.Shape, input.Label, 4));
        }

        plan.Run();
    }

    internal static void AreClose(string name, ReadOnlySpan<float> y, ReadOnlySpan<float> right)
    {
        for (var i = 0; i < right.Length; i++)
            Assert.True(Math.Abs(y[i] - right[i]) <= 1e-5 * (1 + Math.Abs(right[i])), $"{name}[{i}] is {y[i]}; wanted {right[i]}");
    }

    private static Value Slot(Graph graph, Value w, string name) => graph.Slot($"{name}/w", w.Type, Initializer.Zeros);

    private static Value Next(Graph graph, Value w, string name, Func<Value, Value> rule)
    {
        var slot = Slot(graph, w, name);
        var next = rule(slot);
        graph.Update(slot, next);
        return next;
    }
}
