using System.Runtime.InteropServices;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Execution;

namespace Fovea.Backends.OneDnn.Tests.Interop;

/// <summary>Threads, memory and processor.</summary>
public sealed unsafe class MachineTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void The_team_runs_each_part_once(int parts)
    {
        var counts = stackalloc int[8];
        new Span<int>(counts, 8).Clear();
        GompTeam.Run(parts, &CountPart, (nint)counts);
        Assert.Equal(Enumerable.Range(0, 8).Select(i => i < parts ? parts : 0), new Span<int>(counts, 8).ToArray());
    }

    [Fact]
    public void A_region_runs_once_on_each_thread()
    {
        var counts = stackalloc int[2];
        (counts[0], counts[1]) = (0, 0);
        GompTeam.Parallel(threads: 2, &CountThread, (nint)counts);
        Assert.Equal([1, 1], new Span<int>(counts, 2).ToArray());
    }

    [Fact]
    public void The_team_allocates_nothing_on_the_managed_heap()
    {
        var counts = stackalloc int[8];
        GompTeam.Run(2, &CountPart, (nint)counts);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) GompTeam.Run(2, &CountPart, (nint)counts);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void An_arena_is_aligned_zeroed_and_rounded_up()
    {
        using var arena = HugeArena.Allocate(3_000_000);
        Assert.Equal(0, arena.Pointer % HugeArena.Alignment);
        Assert.Equal(2 * HugeArena.Alignment, arena.Bytes);
        var bytes = new Span<byte>((void*)arena.Pointer, (int)arena.Bytes);
        Assert.Equal(-1, bytes.IndexOfAnyExcept((byte)0));
        bytes.Fill(1);
        Assert.Throws<ArgumentOutOfRangeException>(() => HugeArena.Allocate(0));
    }

    [Fact]
    public void An_arena_that_the_system_cannot_give_is_an_error_with_its_size()
    {
        var error = Assert.Throws<NativeException>(() => HugeArena.Allocate(1L << 60));
        Assert.Equal($"mmap of {(1L << 60) + HugeArena.Alignment} bytes failed: Cannot allocate memory", error.Message);
    }

    [Fact]
    public void Processor_features_are_read_from_its_flags()
    {
        var sapphireRapids = CpuFeatures.Parse(
        [
            "processor\t: 0", "model name\t: Intel(R) Xeon(R) Platinum 8488C",
            "flags\t\t: fpu avx avx2 avx512f avx512dq avx512bw avx512vl avx512_vnni avx512_bf16 amx_bf16 amx_tile amx_int8",
        ]);
        Assert.Equal(new CpuFeatures("Intel(R) Xeon(R) Platinum 8488C", true, true, true, true, true, true), sapphireRapids);
        var haswell = CpuFeatures.Parse(["model name : old", "flags : fpu avx avx2"]);
        Assert.Equal(new CpuFeatures("old", Avx2: true, false, false, false, false, false), haswell);
        Assert.Equal("unknown", CpuFeatures.Parse([]).Model);
    }

    [Theory]
    [InlineData(0x1, false)]
    [InlineData(0x7, false)]
    [InlineData(0x1f, false)]
    [InlineData(0x27, false)]
    [InlineData(0x67, false)]
    [InlineData(0xe7, true)]
    [InlineData(0x1ef, true)]
    [InlineData(0x3e7, true)]
    [InlineData(0xfef, true)]
    public void The_instruction_set_of_oneDNN_says_whether_bf16_is_native(int isa, bool isNative) => Assert.Equal(isNative, CpuFeatures.HasBFloat16(isa));

    [Fact]
    public void What_oneDNN_uses_is_something_the_processor_has()
    {
        Assert.NotEmpty(Workbench.Api.EffectiveIsa);
        if (Workbench.Api.EffectiveIsa.StartsWith("avx512", StringComparison.Ordinal)) Assert.True(CpuFeatures.Read().Avx512);
    }

    private static void CountPart(int part, int parts, nint counts) => Interlocked.Add(ref ((int*)counts)[part], parts);

    [UnmanagedCallersOnly]
    private static void CountThread(nint counts)
    {
        if (GompTeam.ThreadCount == 2) Interlocked.Increment(ref ((int*)counts)[GompTeam.ThreadNumber]);
    }
}
