using Fovea.Backends.OneDnn.Interop;
using Fovea.Execution;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn;

/// <summary>Runs graphs on the CPU as static plans of oneDNN primitives.</summary>
public sealed class OneDnnBackend : IBackend
{
    private const double LeastSpeedup = 1.25;

    private static readonly Lazy<double> s_speedup = new(() => PrecisionTrial.Speedup(new OneDnnBackend()));

    private readonly DnnlApi _api;
    private readonly OneDnnOptions _options;

    /// <summary>Loads oneDNN.</summary>
    /// <exception cref="NativeException">No usable library was found.</exception>
    public OneDnnBackend(OneDnnOptions? options = null)
    {
        _api = DnnlApi.Load();
        _options = options ?? new OneDnnOptions();
    }

    /// <summary>For example <c>oneDNN 2.6.3</c>.</summary>
    public string Name => $"oneDNN {_api.Library.Version}";

    /// <summary>The version of the library that is loaded.</summary>
    public Version Version => _api.Library.Version;

    /// <summary>
    /// How many threads work on a plan unless fewer or more are asked for: OMP_NUM_THREADS, or else the processors that this process may use.
    /// </summary>
    public int Threads => _api.Library.Threads;

    /// <summary>What the library does with bfloat16 on this processor.</summary>
    public BFloat16Support BFloat16 => _options.WithoutBFloat16 ? BFloat16Support.None : _api.BFloat16;

    /// <summary>
    /// Whether products of 8-bit integers are added up in 32 bits on this processor (VNNI). Without it two products are added in 16 bits, and convolutions whose
    /// pairs do not fit are computed in float32.
    /// </summary>
    public bool AddsIntegersExactly => _api.HasWideSums;

    /// <summary>
    /// How many times as fast convolutions and their gradients are in bfloat16 as in float32 here; measured at the first call of a process, in a tenth of
    /// a second.
    /// </summary>
    /// <exception cref="NativeException">oneDNN is not installed, or the system refuses the threads.</exception>
    public static double BFloat16Speedup => s_speedup.Value;

    /// <summary>
    /// bfloat16 where it is native and convolutions are at least a quarter faster in it, of which conversions take a part; otherwise float32.
    /// </summary>
    public DType FastestType => BFloat16 == BFloat16Support.Native && BFloat16Speedup >= LeastSpeedup ? DType.BFloat16 : DType.Float32;

    /// <summary>Opens a place where variables live and graphs are compiled against them.</summary>
    /// <param name="thread">What plans run on; it stays the caller's. Null (the default) for a thread of the session's own.</param>
    public OneDnnSession Open(ComputeThread? thread = null) => new(_api, _options, thread);

    ISession IBackend.Open() => Open();
}

/// <summary>How plans are made.</summary>
public sealed record OneDnnOptions
{
    /// <summary>Whether every buffer gets a place of its own with canaries around it that are checked after every step: slow, for tests.</summary>
    public bool Guard { get; init; }

    /// <summary>Whether products of bfloat16 compute in float32, as on a processor for which the library has none: for tests.</summary>
    public bool WithoutBFloat16 { get; init; }

    /// <summary>Whether conversions between bfloat16 and float32 are left in steps of their own: for tests.</summary>
    internal bool KeepsCasts { get; init; }

    /// <summary>Whether each step is timed; see <see cref="OneDnnExecutable.Describe"/>.</summary>
    public bool Profile { get; init; }
}
