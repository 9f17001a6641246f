using Fovea.Analysis;
using Fovea.Backends.OneDnn;
using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Hostile;

/// <summary>What a program does with a graph that was read: it compiles and runs it.</summary>
internal static class Runs
{
    private const long SmallElements = 1 << 16;
    private const long SmallFlops = 1 << 20;

    private static int s_count;

    private static readonly OneDnnBackend s_guarded = new(new OneDnnOptions { Guard = true });
    private static readonly OneDnnBackend s_plain = new();

    /// <summary>One in how many graphs is compiled; a long run leaves most of them out. Default all.</summary>
    internal static int Every { get; set; } = 1;

    /// <summary>Whether an exception is one with which a backend may refuse a graph.</summary>
    internal static bool Refuses(Exception failure) => failure is GraphException or ShapeException;

    /// <summary>
    /// Compiles a graph; a small one runs between canaries, and by the definitions of its operations: no backend may refuse what is right and small.
    /// </summary>
    internal static void Run(Graph graph)
    {
        if (s_count++ % Every != 0) return;
        if (!IsSmall(graph))
        {
            using var large = s_plain.Open();
            Run(graph, large, runs: false);
            return;
        }

        try
        {
            using var session = s_guarded.Open();
            Run(graph, session, runs: true);
            using var reference = new ReferenceBackend().Open();
            Run(graph, reference, runs: true);
        }
        catch (Exception e) when (Refuses(e))
        {
            throw new HostileException($"a small graph that holds all rules does not run: {e.Message}\n{graph}", e);
        }
    }

    private static bool IsSmall(Graph graph)
    {
        var elements = graph.Nodes.SelectMany(node => node.Results).Sum(result => result.Shape.Elements);
        return elements <= SmallElements && CostAnalysis.Of(graph).Flops <= SmallFlops;
    }

    private static void Run(Graph graph, ISession session, bool runs)
    {
        if (!runs && graph.Variables.Any(value => value.Variable!.Kind != VariableKind.Input && value.Shape.Elements > SmallElements)) return;
        using var plan = session.Compile(graph);
        foreach (var input in graph.Variables.Select(value => value.Variable!).Where(variable => variable.Kind == VariableKind.Input))
            plan.Input(input.Label).Fill(1);
        if (!runs) return;
        plan.Run();
        foreach (var (name, value) in graph.Outputs)
            if (plan.Output(name).Length != value.Type.Bytes)
                throw new HostileException($"the output {name} has {plan.Output(name).Length} bytes; {value.Type} wants {value.Type.Bytes}");
    }
}
