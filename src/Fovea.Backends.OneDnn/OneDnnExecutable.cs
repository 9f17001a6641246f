using System.Diagnostics;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Planning;
using Fovea.Execution;
using Fovea.Graphs;

namespace Fovea.Backends.OneDnn;

/// <summary>A compiled plan: every primitive made, every buffer placed. A run executes steps and nothing else.</summary>
public sealed unsafe class OneDnnExecutable : IExecutable
{
    private readonly PlanBuilder _plan;
    private readonly VariableStore _variables;
    private readonly DnnlStream _stream;
    private readonly OneDnnOptions _options;
    private readonly Placement _placement;
    private readonly Step[] _prologue;
    private readonly Step[] _main;
    private readonly Dictionary<string, Buffer> _inputs = new(StringComparer.Ordinal);
    private long _preparedFor = -1;
    private int _runs;

    internal OneDnnExecutable(Graph graph, PlanBuilder plan, VariableStore variables, DnnlStream stream, OneDnnOptions options)
    {
        (Graph, _plan, _variables, _stream, _options) = (graph, plan, variables, stream, options);
        (_prologue, _main) = ([.. plan.Prologue], [.. plan.Main]);
        foreach (var value in graph.Variables)
            if (value.Variable!.Kind == VariableKind.Input) _inputs.Add(value.Variable.Label, plan.Of(value));
        foreach (var (name, buffer) in _inputs.Concat(plan.Outputs))
            if (buffer.Bytes > int.MaxValue) throw new GraphException($"'{name}' of the graph '{graph.Name}' is {buffer.Desc}, {buffer.Bytes} bytes; an input or output holds at most 2 GiB");
        _placement = new Placement(plan, options.Guard);
    }

    /// <inheritdoc/>
    public Graph Graph { get; }

    /// <inheritdoc/>
    public Span<byte> Input(string name) => _inputs.TryGetValue(name, out var buffer)
        ? new Span<byte>((void*)buffer.Pointer, (int)buffer.Bytes)
        : throw new GraphException($"the graph '{Graph.Name}' has no input '{name}'; it has {string.Join(", ", _inputs.Keys)}");

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Output(string name) => _plan.Outputs.TryGetValue(name, out var buffer)
        ? new ReadOnlySpan<byte>((void*)buffer.Pointer, (int)buffer.Bytes)
        : throw new GraphException($"the graph '{Graph.Name}' has no output '{name}'; it has {string.Join(", ", _plan.Outputs.Keys)}");

    /// <inheritdoc/>
    public void Run()
    {
        if (_preparedFor != _variables.Version)
        {
            Run(_prologue);
            _preparedFor = _variables.Version;
        }

        Run(_main);
        if (_plan.IsTraining) _preparedFor = ++_variables.Version;
        _runs++;
    }

    /// <summary>What the plan consists of and, where it was profiled, where the time went.</summary>
    public PlanReport Describe() => PlanReport.Of(_prologue, _main, _placement.ArenaBytes, _placement.KeptBytes, _runs);

    /// <summary>Forgets where the time of the runs so far went: of those that warm up, which compile code and touch memory for the first time.</summary>
    public void ForgetTimes()
    {
        _runs = 0;
        foreach (var step in _prologue) step.Ticks = 0;
        foreach (var step in _main) step.Ticks = 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var step in _prologue) step.Dispose();
        foreach (var step in _main) step.Dispose();
        _placement.Dispose();
    }

    private void Run(Step[] steps)
    {
        if (!_options.Profile && !_options.Guard)
        {
            foreach (var step in steps) step.Run(_stream);
            return;
        }

        foreach (var step in steps)
        {
            var start = Stopwatch.GetTimestamp();
            step.Run(_stream);
            step.Ticks += Stopwatch.GetTimestamp() - start;
            if (_options.Guard) Placement.CheckCanaries(step);
        }
    }
}
