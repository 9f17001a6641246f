using Fovea.Backends.OneDnn.Interop;
using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Backends.OneDnn.Kernels;

/// <summary>Implementations that compute wrongly or write out of bounds; plans take the next one.</summary>
internal static class KnownBad
{
    private static readonly Entry[] s_entries =
    [
        new(
            "3.7: nhwc backward weights of a strided 1×1 convolution with few input channels writes out of bounds (padded weights)",
            version => version is { Major: 3, Minor: >= 0 and <= 7 },
            node => node is { Op: Conv2dWeightGradient { Weight: { H: 1, W: 1, C: < 16 }, Window: { StrideH: > 1 } } },
            "jit_1x1:avx512_core"),
    ];

    /// <summary>Advances a descriptor past the implementations that are listed for this node.</summary>
    internal static void Skip(PrimitiveDesc desc, Node node, DnnlApi api)
    {
        foreach (var entry in s_entries)
            while (entry.Version(api.Library.Version) && entry.Node(node) && desc.Implementation.StartsWith(entry.Implementation, StringComparison.Ordinal))
                if (!desc.NextImplementation()) throw new NativeException($"{node}: only a faulty implementation is left ({entry.Symptom})");
    }

    private sealed record Entry(string Symptom, Func<Version, bool> Version, Func<Node, bool> Node, string Implementation);
}
