using System.Diagnostics;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed.Common;
using Fovea.Graphs;

namespace Fovea.Backends.OneDnn.Planning;

/// <summary>One call in a plan.</summary>
internal abstract class Step(Node? node, string what, Buffer[] reads, Buffer[] writes) : IDisposable
{
    /// <summary>The node it belongs to; null for what the plan adds by itself.</summary>
    internal Node? Node { get; } = node;

    /// <summary>What it does, as in «conv2d» or «reorder».</summary>
    internal string What { get; } = what;

    internal IReadOnlyList<Buffer> Reads { get; } = reads;

    internal IReadOnlyList<Buffer> Writes { get; } = writes;

    /// <summary>Reads and writes that may share memory when the read one is not needed afterwards, as indices.</summary>
    internal (int Read, int Write)[] InPlace { get; init; } = [];

    /// <summary>The name of the implementation.</summary>
    internal abstract string Implementation { get; }

    /// <summary>Scratch memory that it needs while it runs.</summary>
    internal virtual long ScratchBytes => 0;

    /// <summary>Whether it computes in float32 what the graph has in bfloat16.</summary>
    internal bool IsWidened { get; set; }

    /// <summary>Ticks of <see cref="Stopwatch"/> spent, while the plan profiles.</summary>
    internal long Ticks { get; set; }

    /// <summary>Called once when every buffer has its address.</summary>
    internal abstract void Bind(DnnlApi api, Memory? scratch);

    internal abstract void Run(DnnlStream stream);

    public virtual void Dispose()
    {
    }
}

/// <summary>A oneDNN primitive with its arguments.</summary>
internal sealed class PrimitiveStep(Node? node, string what, PrimitiveDesc desc, (int Arg, Buffer Buffer)[] reads, (int Arg, Buffer Buffer)[] writes)
    : Step(node, what, [.. reads.Select(read => read.Buffer)], [.. writes.Select(write => write.Buffer)])
{
    private Primitive? _primitive;
    private ExecArgs? _args;

    internal override string Implementation { get; } = desc.Implementation;

    internal override long ScratchBytes { get; } = desc.ScratchpadBytes;

    internal override void Bind(DnnlApi api, Memory? scratch)
    {
        var args = new List<(int, Memory)>();
        foreach (var (arg, buffer) in reads) args.Add((arg, buffer.Memory(api)));
        foreach (var (arg, buffer) in writes) args.Add((arg, buffer.Memory(api)));
        if (ScratchBytes > 0) args.Add((DnnlArg.DNNL_ARG_SCRATCHPAD, scratch!));
        _args = new ExecArgs([.. args]);
        _primitive = desc.CreatePrimitive();
    }

    internal override void Run(DnnlStream stream) => _primitive!.Execute(stream, _args!);

    public override void Dispose()
    {
        _primitive?.Dispose();
        _args?.Dispose();
        desc.Dispose();
        base.Dispose();
    }
}

/// <summary>A call of a <see cref="Kernel"/>.</summary>
internal sealed class KernelStep(Node? node, string what, Kernel kernel, Buffer[] reads, Buffer[] writes) : Step(node, what, reads, writes)
{
    private nint[] _at = [];

    internal Kernel Kernel => kernel;

    /// <summary>How it is computed where some of its operands are in float32; null where it takes what it was made for alone.</summary>
    internal MixedForm? Mixed { get; init; }

    internal override string Implementation => kernel.Name;

    internal override void Bind(DnnlApi api, Memory? scratch) => _at = [.. Reads.Concat(Writes).Select(buffer => buffer.Pointer)];

    internal override void Run(DnnlStream stream) => kernel.Run(_at);

    public override void Dispose()
    {
        kernel.Release();
        base.Dispose();
    }
}
