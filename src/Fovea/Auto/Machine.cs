using System.Runtime.Intrinsics;
using Fovea.Backends.OneDnn;
using Fovea.Tensors;
using Fovea.Training.Recipes;

namespace Fovea.Auto;

/// <summary>What a recipe is chosen by of the machine that trains it.</summary>
public sealed record Machine
{
    private const double PerCore512 = 8e10;
    private const double PerCore256 = 4e10;
    private const double PerCore128 = 1e10;

    /// <summary>The cores that work on a step; at least 1.</summary>
    public required int Cores { get; init; }

    /// <summary>The memory that there is, in bytes.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>
    /// How much a training step does in a second on all cores, in floating-point operations: 6 for each multiply-accumulate of the model (one forward and two
    /// backward, two operations each), and 50 for each byte of its activations, which are as long passed over in memory. Measured
    /// (<see cref="StepProbe"/>), or an estimate.
    /// </summary>
    public required double OperationsPerSecond { get; init; }

    /// <summary>What images take before a step has them; nothing, the default, where it was not measured (<see cref="LoadProbe"/>).</summary>
    public LoadTimes Loading { get; init; }

    /// <summary>Whether speed and loading were measured; default false.</summary>
    public bool IsMeasured { get; init; }

    /// <summary>The arithmetic that is fastest; default fp32.</summary>
    public Precision Precision { get; init; } = Precision.Fp32;

    /// <summary>This machine, its speed estimated by the width of its vectors.</summary>
    /// <param name="backend">What will train.</param>
    public static Machine Here(OneDnnBackend backend)
    {
        ArgumentNullException.ThrowIfNull(backend);
        var perCore = Vector512.IsHardwareAccelerated ? PerCore512 : Vector256.IsHardwareAccelerated ? PerCore256 : PerCore128;
        return new()
        {
            Cores = backend.Threads,
            MemoryBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            OperationsPerSecond = backend.Threads * perCore,
            Precision = backend.FastestType == DType.BFloat16 ? Precision.Bf16 : Precision.Fp32,
        };
    }
}
