using System.Diagnostics;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn;

/// <summary>Measures which arithmetic is faster here: an instruction for bfloat16 need not be, as where one product unit of two has it.</summary>
internal static class PrecisionTrial
{
    private const int Runs = 20;
    private const int Images = 2;

    /// <summary>The time of a 3×3 convolution of 128 channels at 14×14 pixels with both of its gradients in float32, divided by that in bfloat16.</summary>
    /// <remarks>
    /// The least of twenty runs of each, in turn and on one thread: where other work has a core, threads that wait for each other take many times as long.
    /// </remarks>
    internal static double Speedup(OneDnnBackend backend)
    {
        using var thread = new ComputeThread(threads: 1);
        using var session = backend.Open(thread);
        using var wide = session.Compile(Step(DType.Float32));
        using var narrow = session.Compile(Step(DType.BFloat16));
        var (least, leastNarrow) = (long.MaxValue, long.MaxValue);
        for (var run = 0; run <= Runs; run++)
        {
            var (ticks, narrowTicks) = (Ticks(wide.Run), Ticks(narrow.Run));

            // The first runs of all prepare weights and touch memory for the first time.
            if (run > 0) (least, leastNarrow) = (Math.Min(least, ticks), Math.Min(leastNarrow, narrowTicks));
        }

        return (double)least / Math.Max(1, leastNarrow);
    }

    private static Graph Step(DType type)
    {
        var graph = new Graph("trial");
        var (image, kernel, window) = (new Shape(Images, 128, 14, 14), new Shape(128, 128, 3, 3), Window2d.Of(padding: 1));
        var x = graph.Parameter("x", image, new Initializer.Uniform(1)).Cast(type);
        var w = graph.Parameter("w", kernel, new Initializer.Uniform(0.1)).Cast(type);
        var y = x.Conv2d(w, window);
        graph.Output("dx", graph.Add(new Conv2dInputGradient(window, 1, image), y, w).Cast(DType.Float32).Mean(0, 1, 2, 3));
        graph.Output("dw", graph.Add(new Conv2dWeightGradient(window, 1, kernel), y, x).Mean(0, 1, 2, 3));
        return graph;
    }

    private static long Ticks(Action run)
    {
        var start = Stopwatch.GetTimestamp();
        run();
        return Stopwatch.GetTimestamp() - start;
    }
}
