using System.Runtime.CompilerServices;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Execution;
using Fovea.Tensors;
using static Fovea.Backends.OneDnn.Interop.DnnlArg;
using static Fovea.Backends.OneDnn.Tests.Interop.Workbench;

namespace Fovea.Backends.OneDnn.Tests.Interop;

public sealed class HandleTests
{
    [Fact]
    public void A_handle_left_to_the_finalizer_is_listed_by_its_type()
    {
        Drop();
        for (var i = 0; i < 20 && !DnnlHandle.Leaked.Contains(nameof(Dropped)); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.Contains(nameof(Dropped), DnnlHandle.Leaked);
    }

    [Fact]
    public void A_disposed_primitive_or_argument_list_refuses_to_run()
    {
        using var bench = new Workbench();
        using var desc = bench.Own(Api.Reorder(F32(4), F32(4)));
        var (src, dst) = (bench.Put(F32(4), [1, 2, 3, 4]), bench.New(F32(4)));
        var args = new ExecArgs((DNNL_ARG_FROM, src), (DNNL_ARG_TO, dst));
        var primitive = desc.CreatePrimitive();
        primitive.Execute(bench.Stream, args);
        args.Dispose();
        Assert.Throws<ObjectDisposedException>(() => primitive.Execute(bench.Stream, args));
        primitive.Dispose();
        Assert.Throws<ObjectDisposedException>(() => primitive.Execute(bench.Stream, args));
    }

    [Fact]
    public void A_forward_descriptor_may_be_disposed_before_the_backward_one_that_it_hinted()
    {
        using var bench = new Workbench();
        var window = PoolingWindow.Square(kernel: 2, stride: 2);
        var hint = Api.PoolingForward(Propagation.Training, PoolingKind.Max, F32(1, 2, 4, 4), F32(1, 2, 2, 2), window);
        Assert.NotNull(hint);
        using var backward = bench.Own(Api.PoolingBackward(PoolingKind.Max, F32(1, 2, 4, 4), F32(1, 2, 2, 2), window, hint));
        hint.Dispose();
        while (backward.NextImplementation()) Assert.NotEmpty(backward.Implementation);
        using var primitive = backward.CreatePrimitive();
    }

    [Fact]
    public void Executing_allocates_nothing_on_the_managed_heap()
    {
        using var bench = new Workbench();
        var p = ConvolutionProblem.All["1x1"];
        using var desc = p.Forward(Propagation.Inference, DType.Float32, bias: null);
        using var primitive = desc.CreatePrimitive();
        using var args = new ExecArgs(
            (DNNL_ARG_SRC, bench.Put(Chosen(desc, DNNL_ARG_SRC), Numbers(p.X, 1))),
            (DNNL_ARG_WEIGHTS, bench.Put(Chosen(desc, DNNL_ARG_WEIGHTS), Numbers(p.W, 2))),
            (DNNL_ARG_DST, bench.New(Chosen(desc, DNNL_ARG_DST))),
            (DNNL_ARG_SCRATCHPAD, bench.New(desc.Query(DNNL_ARG_SCRATCHPAD) ?? F32(1))));
        primitive.Execute(bench.Stream, args);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) primitive.Execute(bench.Stream, args);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_missing_argument_is_an_error_that_quotes_the_call()
    {
        using var bench = new Workbench();
        using var desc = bench.Own(Api.Reorder(F32(4), F32(4)));
        using var primitive = desc.CreatePrimitive();
        using var args = new ExecArgs((DNNL_ARG_FROM, bench.New(F32(4))));
        var error = Assert.Throws<NativeException>(() => primitive.Execute(bench.Stream, args));
        Assert.StartsWith($"oneDNN {Api.Library.Version}: invalid_arguments from DnnlNative.dnnl_primitive_execute(", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_address_of_a_memory_can_be_changed_between_executions()
    {
        using var bench = new Workbench();
        using var desc = bench.Own(Api.Reorder(F32(2), F32(2)));
        using var primitive = desc.CreatePrimitive();
        var (first, second, dst) = (bench.Put(F32(2), [1, 2]), bench.Put(F32(2), [3, 4]), bench.New(F32(2)));
        var source = bench.Own(new Fovea.Backends.OneDnn.Interop.Memory(Api.Engine, F32(2), first.Pointer));
        using var args = new ExecArgs((DNNL_ARG_FROM, source), (DNNL_ARG_TO, dst));
        primitive.Execute(bench.Stream, args);
        Assert.Equal([1, 2], bench.Get(dst));
        source.SetPointer(second.Pointer);
        primitive.Execute(bench.Stream, args);
        bench.Stream.Wait();
        Assert.Equal([3, 4], bench.Get(dst));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Drop() => _ = new Dropped();

    internal sealed class Dropped : DnnlHandle
    {
        public Dropped() => SetHandle(1);

        protected override bool ReleaseHandle() => true;
    }
}
