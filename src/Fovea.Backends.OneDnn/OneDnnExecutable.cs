using System.Diagnostics;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Planning;
using Fovea.Execution;
using Fovea.Graphs;

namespace Fovea.Backends.OneDnn;

/// <summary>A compiled plan: every primitive made, every buffer placed. A run executes steps and nothing else.</summary>
public sealed class OneDnnExecutable : IExecutable
{
    private readonly PlanBuilder _plan;
    private readonly PlanHome _home;
    private readonly OneDnnOptions _options;
    private readonly Placement _placement;
    private readonly Step[] _prologue;
    private readonly Step[] _main;
    private readonly Dictionary<string, Buffer> _inputs = new(StringComparer.Ordinal);
    private readonly DnnlStream _stream;
    private readonly Action _run;
    private long _preparedFor = -1;
    private int _runs;
    private int _isDisposed;
    private bool _isReleased;

    internal OneDnnExecutable(Graph graph, PlanBuilder plan, PlanHome home, OneDnnOptions options)
    {
        (Graph, _plan, _home, _options, _run) = (graph, plan, home, options, RunHere);
        (_prologue, _main) = ([.. plan.Prologue], [.. plan.Main]);
        foreach (var value in graph.Variables)
            if (value.Variable!.Kind == VariableKind.Input) _inputs.Add(value.Variable.Label, plan.Of(value));
        foreach (var (name, buffer) in _inputs.Concat(plan.Outputs))
            if (buffer.Bytes > int.MaxValue)
                throw new GraphException(
                    $"'{name}' of the graph '{graph.Name}' is {buffer.Desc}, {buffer.Bytes} bytes; an input or output holds at most 2 GiB");
        _placement = new Placement(plan, options.Guard);
        _stream = plan.Api.CreateStream();
    }

    /// <inheritdoc/>
    public Graph Graph { get; }

    /// <inheritdoc/>
    public Span<byte> Input(string name)
    {
        ThrowIfDisposed();
        return _inputs.TryGetValue(name, out var buffer)
            ? _placement.Open(buffer)
            : throw new GraphException($"the graph '{Graph.Name}' has no input '{name}'; it has {string.Join(", ", _inputs.Keys)}");
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Output(string name)
    {
        ThrowIfDisposed();
        return _plan.Outputs.TryGetValue(name, out var buffer)
            ? _placement.Open(buffer)
            : throw new GraphException($"the graph '{Graph.Name}' has no output '{name}'; it has {string.Join(", ", _plan.Outputs.Keys)}");
    }

    /// <inheritdoc/>
    public void Run()
    {
        ThrowIfDisposed();
        _home.Thread.Run(_run);
    }

    /// <summary>What the plan consists of and, where it was profiled, where the time went.</summary>
    /// <exception cref="ObjectDisposedException">The plan or its session was disposed of.</exception>
    public PlanReport Describe()
    {
        ThrowIfDisposed();
        return PlanReport.Of(_prologue, _main, _placement.ArenaBytes, _placement.KeptBytes, _runs);
    }

    /// <summary>Forgets where the time of the runs so far went: of those that warm up, which compile code and touch memory for the first time.</summary>
    /// <exception cref="ObjectDisposedException">The plan or its session was disposed of.</exception>
    public void ForgetTimes()
    {
        ThrowIfDisposed();
        _runs = 0;
        foreach (var step in _prologue) step.Ticks = 0;
        foreach (var step in _main) step.Ticks = 0;
    }

    /// <summary>Frees the plan; a run that is under way ends first.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0) return;
        _home.Session.Forget(this);
        _home.Thread.Finish(Release);
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);

    private void Release()
    {
        _isReleased = true;
        foreach (var step in _prologue) step.Dispose();
        foreach (var step in _main) step.Dispose();
        _placement.Dispose();
        _stream.Dispose();
    }

    /// <summary>On the plan's thread, which alone frees the plan.</summary>
    private void RunHere()
    {
        ObjectDisposedException.ThrowIf(_isReleased, this);
        var variables = _home.Variables;
        variables.Enter(_plan.IsTraining);
        try
        {
            if (_preparedFor != variables.Version)
            {
                Run(_prologue);
                _preparedFor = variables.Version;
            }

            Run(_main);
            if (_plan.IsTraining) _preparedFor = variables.Changed();
        }
        finally
        {
            variables.Exit(_plan.IsTraining);
        }

        _runs++;
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

/// <summary>Where a plan runs and what it runs on.</summary>
internal sealed record PlanHome(OneDnnSession Session, ComputeThread Thread, VariableStore Variables);
