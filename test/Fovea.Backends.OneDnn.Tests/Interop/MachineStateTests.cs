using System.Globalization;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static Fovea.Backends.OneDnn.Tests.Interop.Workbench;

namespace Fovea.Backends.OneDnn.Tests.Interop;

/// <summary>A run that is told to be as on another machine is: a setting that library or runtime no longer reads would test this one again.</summary>
public sealed class MachineStateTests
{
    [Fact]
    public void The_library_uses_no_more_than_the_instructions_that_are_asked_for()
    {
        var asked = Environment.GetEnvironmentVariable("ONEDNN_MAX_CPU_ISA")?.ToLowerInvariant();
        if (asked is null) Assert.NotEqual("sse41", Api.EffectiveIsa);
        else Assert.Equal(asked, Api.EffectiveIsa);
    }

    [Fact]
    public void The_library_has_the_version_and_the_threads_that_are_asked_for()
    {
        if (Environment.GetEnvironmentVariable("FOVEA_DNNL_MAJOR") is { Length: > 0 } major) Assert.Equal(major, Number(Api.Library.Version.Major));
        Assert.Equal(Environment.GetEnvironmentVariable("OMP_NUM_THREADS") ?? Number(Environment.ProcessorCount), Number(Api.Library.Threads));
    }

    [Fact]
    public void The_runtime_uses_no_longer_vectors_than_are_asked_for()
    {
        var most = IsOff("DOTNET_EnableAVX2") ? 128 : IsOff("DOTNET_EnableAVX512") ? 256 : 512;
        Assert.True(Vector512.IsHardwareAccelerated ? most == 512 : !Avx512F.IsSupported, $"vectors of 512 bits are used; at most {most} were asked for");
        Assert.True(!Vector256.IsHardwareAccelerated || most >= 256, $"vectors of 256 bits are used; at most {most} were asked for");
    }

    private static bool IsOff(string setting) => Environment.GetEnvironmentVariable(setting) == "0";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
