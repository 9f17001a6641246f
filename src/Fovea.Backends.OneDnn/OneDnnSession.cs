using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Planning;
using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn;

/// <summary>Variables in native memory and the plans over them.</summary>
/// <remarks>
/// A variable keeps the layout that the first compiled plan chose for it, so a training plan is best compiled first. A session belongs to
/// one thread at a time: the team of threads that runs its steps is that of the thread that calls.
/// </remarks>
internal sealed class OneDnnSession : ISession
{
    private readonly DnnlApi _api;
    private readonly OneDnnOptions _options;
    private readonly DnnlStream _stream;
    private readonly VariableStore _variables;

    internal OneDnnSession(DnnlApi api, OneDnnOptions options)
    {
        (_api, _options, _stream) = (api, options, api.CreateStream());
        _variables = new VariableStore(api, _stream);
    }

    public IReadOnlyList<string> Variables => _variables.Labels;

    public IExecutable Compile(Graph graph, ulong seed = 0)
    {
        _variables.Seed = seed;
        var fused = PlanCompiler.Fuse(graph);
        var plan = PlanCompiler.Lower(fused, _api, _variables);
        foreach (var variable in fused.Variables.Select(value => value.Variable!).Where(variable => variable.Kind != VariableKind.Input))
            _variables.GetOrAdd(variable, _api.Plain(variable.Type.DType, PlanBuilder.Logical(variable.Type.Shape)));
        return new OneDnnExecutable(fused, plan, _variables, _stream, _options);
    }

    public void Write(string variable, HostTensor value) => _variables.Write(variable, value);

    public HostTensor Read(string variable) => _variables.Read(variable);

    public void Dispose()
    {
        _variables.Dispose();
        _stream.Dispose();
    }
}
