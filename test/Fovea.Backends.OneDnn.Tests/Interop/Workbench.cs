using System.Runtime.InteropServices;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Tensors;
using Memory = Fovea.Backends.OneDnn.Interop.Memory;

namespace Fovea.Backends.OneDnn.Tests.Interop;

/// <summary>Native tensors and one-off executions for a test; everything is released together.</summary>
internal sealed unsafe class Workbench : IDisposable
{
    private readonly List<IDisposable> _owned = [];
    private readonly List<nint> _blocks = [];

    internal Workbench() => Stream = Own(Api.CreateStream());

    internal static DnnlApi Api { get; } = DnnlApi.Load();

    internal DnnlStream Stream { get; }

    /// <summary>Numbers in [-1, 1), the same for the same seed.</summary>
    internal static float[] Numbers(Shape shape, ulong seed)
    {
        var philox = new Philox(seed, stream: 0);
        var numbers = new float[shape.Elements];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = (float)((2 * philox.Uniform((ulong)i)) - 1);
        return numbers;
    }

    internal static MemoryDesc F32(params int[] dims) => Api.Plain(DType.Float32, new Shape(dims));

    internal static MemoryDesc AnyF32(params int[] dims) => Api.Any(DType.Float32, new Shape(dims));

    internal T Own<T>(T? disposable)
        where T : class, IDisposable
    {
        Assert.NotNull(disposable);
        _owned.Add(disposable);
        return disposable;
    }

    /// <summary>A tensor full of bytes 0xFF (NaN), so that reading what was not written shows.</summary>
    internal Memory New(MemoryDesc desc)
    {
        var bytes = (nuint)Math.Max(64, desc.Bytes);
        var block = (nint)NativeMemory.AlignedAlloc(bytes, 64);
        NativeMemory.Fill((void*)block, bytes, 0xFF);
        _blocks.Add(block);
        return Own(new Memory(Api.Engine, desc, block));
    }

    /// <summary>A tensor with the given numbers, listed row-major, in any layout or type.</summary>
    internal Memory Put(MemoryDesc desc, float[] numbers)
    {
        Assert.Equal(desc.Dims.Elements, numbers.Length);
        var plain = New(Api.Plain(DType.Float32, desc.Dims));
        numbers.CopyTo(new Span<float>((void*)plain.Pointer, numbers.Length));
        return Reordered(plain, desc);
    }

    /// <summary>The numbers of a tensor, row-major.</summary>
    internal float[] Get(Memory memory)
    {
        var plain = Reordered(memory, Api.Plain(DType.Float32, memory.Desc.Dims));
        return new Span<float>((void*)plain.Pointer, checked((int)memory.Desc.Dims.Elements)).ToArray();
    }

    internal Memory Reordered(Memory source, MemoryDesc desc)
    {
        if (source.Desc == desc) return source;
        var target = New(desc);
        using var reorder = Api.Reorder(source.Desc, desc);
        Assert.NotNull(reorder);
        Run(reorder, (DnnlArg.DNNL_ARG_FROM, source), (DnnlArg.DNNL_ARG_TO, target));
        return target;
    }

    /// <summary>The layout that the primitive chose for an argument.</summary>
    internal static MemoryDesc Chosen(PrimitiveDesc desc, int arg)
    {
        var chosen = desc.Query(arg);
        Assert.NotNull(chosen);
        return chosen;
    }

    /// <summary>Executes once, with scratch memory.</summary>
    internal void Run(PrimitiveDesc desc, params (int Arg, Memory Memory)[] args)
    {
        if (desc.Query(DnnlArg.DNNL_ARG_SCRATCHPAD) is { } scratchpad) args = [.. args, (DnnlArg.DNNL_ARG_SCRATCHPAD, New(scratchpad))];
        using var primitive = desc.CreatePrimitive();
        using var prepared = new ExecArgs(args);
        primitive.Execute(Stream, prepared);
    }

    public void Dispose()
    {
        for (var i = _owned.Count - 1; i >= 0; i--) _owned[i].Dispose();
        foreach (var block in _blocks) NativeMemory.AlignedFree((void*)block);
    }
}
