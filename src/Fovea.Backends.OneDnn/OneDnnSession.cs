using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Kernels;
using Fovea.Backends.OneDnn.Planning;
using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn;

/// <summary>Variables in native memory and the plans over them.</summary>
/// <remarks>
/// A variable keeps the layout that the first compiled plan chose for it, so a training plan is best compiled first. Plans run on a thread
/// of the session's own, which starts when it is first needed, unless they were compiled for another <see cref="ComputeThread"/> or the session
/// was opened with one. Those on different threads run side by side, unless one of them updates variables: then the others wait.
/// </remarks>
public sealed class OneDnnSession : ISession
{
    private readonly DnnlApi _api;
    private readonly OneDnnOptions _options;
    private readonly VariableStore _variables;
    private readonly Lock _gate = new();
    private readonly HashSet<OneDnnExecutable> _plans = [];
    private readonly ComputeThread? _given;
    private ComputeThread? _own;
    private volatile bool _isDisposed;

    internal OneDnnSession(DnnlApi api, OneDnnOptions options, ComputeThread? thread)
    {
        (_api, _options, _given) = (api, options, thread);
        _variables = new VariableStore(api);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Variables
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _variables.Labels;
        }
    }

    /// <inheritdoc/>
    public IExecutable Compile(Graph graph, ulong seed = 0) => Compile(graph, Thread(), seed);

    /// <summary>Compiles a graph for a thread, which stays the caller's and outlives the plan.</summary>
    /// <inheritdoc cref="Compile(Graph, ulong)"/>
    public OneDnnExecutable Compile(Graph graph, ComputeThread thread, ulong seed = 0)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        OneDnnExecutable? plan = null;
        thread.Run(() => plan = CompileHere(graph, thread, seed));
        return plan!;
    }

    /// <inheritdoc/>
    public void Write(string variable, HostTensor value) => Thread().Run(() => _variables.Write(variable, value));

    /// <inheritdoc/>
    public HostTensor Read(string variable)
    {
        HostTensor? value = null;
        Thread().Run(() => value = _variables.Read(variable));
        return value!;
    }

    /// <summary>Frees plans and variables; runs that are under way end first.</summary>
    public void Dispose()
    {
        OneDnnExecutable[] plans;
        lock (_gate)
        {
            if (_isDisposed) return;
            _isDisposed = true;
            plans = [.. _plans];
        }

        foreach (var plan in plans) plan.Dispose();
        _variables.Dispose();
        _own?.Dispose();
    }

    internal void Forget(OneDnnExecutable plan)
    {
        lock (_gate) _plans.Remove(plan);
    }

    private ComputeThread Thread()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _given ?? (_own ??= new());
        }
    }

    /// <summary>On the thread that is to run the plan: primitives divide their work by the team of the thread that makes them.</summary>
    private OneDnnExecutable CompileHere(Graph graph, ComputeThread thread, ulong seed)
    {
        var widened = new HashSet<Op>(ReferenceEqualityComparer.Instance);
        var fused = PlanCompiler.Fuse(graph, new Precisions(_api, _options.WithoutBFloat16), widened);
        var plan = _variables.Compile(fused, seed, () => PlanCompiler.Lower(fused, _api, _variables, widened, _options.KeepsCasts));
        var executable = new OneDnnExecutable(fused, plan, new(this, thread, _variables), _options);
        lock (_gate)
        {
            if (!_isDisposed)
            {
                _plans.Add(executable);
                return executable;
            }
        }

        executable.Dispose();
        throw new ObjectDisposedException(GetType().FullName);
    }
}
