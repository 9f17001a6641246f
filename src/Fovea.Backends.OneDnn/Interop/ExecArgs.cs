namespace Fovea.Backends.OneDnn.Interop;

/// <summary>The arguments of one execution, prepared once. The memories stay the caller's, and are kept from collection.</summary>
internal sealed unsafe class ExecArgs : IDisposable
{
    private readonly HeapBlock _block;
    private readonly Memory[] _memories;

    /// <param name="args">DNNL_ARG_ constants and what they stand for; each at most once.</param>
    internal ExecArgs(params ReadOnlySpan<(int Arg, Memory Memory)> args)
    {
        Count = args.Length;
        _block = new(Math.Max(1, Count) * sizeof(DnnlExecArg));
        _memories = new Memory[Count];
        for (var i = 0; i < Count; i++)
        {
            _memories[i] = args[i].Memory;
            Pointer[i] = new() { Arg = args[i].Arg, Memory = args[i].Memory.Handle.DangerousGetHandle() };
        }
    }

    internal int Count { get; }

    internal bool IsDisposed => _block.IsClosed;

    internal DnnlExecArg* Pointer => (DnnlExecArg*)_block.Pointer;

    /// <summary>The memories in the order they were given.</summary>
    internal IReadOnlyList<Memory> Memories => _memories;

    public void Dispose() => _block.Dispose();
}
