using Fovea.Backends.OneDnn.Interop;
using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Planning;

/// <summary>Descriptors of forward convolutions, which oneDNN wants for those of their gradients; each is made once for a plan.</summary>
internal sealed class ForwardHints : IDisposable
{
    private readonly Dictionary<(Op Op, Shape X, Shape W, DType Type), PrimitiveDesc> _made = [];

    internal PrimitiveDesc GetOrMake(Op op, Shape x, Shape w, DType type, Func<PrimitiveDesc> make)
    {
        if (!_made.TryGetValue((op, x, w, type), out var hint)) _made[(op, x, w, type)] = hint = make();
        return hint;
    }

    public void Dispose()
    {
        foreach (var hint in _made.Values) hint.Dispose();
        _made.Clear();
    }
}
