using System.Collections.Concurrent;
using System.Collections.Frozen;
using Fovea.Backends.OneDnn.Fusion;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Kernels;

/// <summary>In which element type each operation is computed: a rule per operation that a primitive computes, in one place.</summary>
/// <remarks>
/// The library itself is asked whether it has an optimised implementation for the operands as they are, so what counts is the processor, the version and
/// ONEDNN_MAX_CPU_ISA alike. Operations without a rule are computed by kernels of our own, which take every type that is held in memory.
/// </remarks>
/// <param name="api">The library.</param>
/// <param name="withoutBFloat16">Whether to assume that it has nothing in bfloat16.</param>
internal sealed class Precisions(DnnlApi api, bool withoutBFloat16 = false)
{
    private static readonly FrozenDictionary<Type, Func<Node, DnnlApi, bool>> s_rules = new Dictionary<Type, Func<Node, DnnlApi, bool>>
    {
        [typeof(FusedConv2d)] = ConvKernels.HasForward,
        [typeof(Conv2dInputGradient)] = ConvKernels.HasInputGradient,
        [typeof(Conv2dWeightGradient)] = ConvKernels.HasWeightGradient,
        [typeof(FusedMatMul)] = MatMulKernels.Has,
        [typeof(MaxPool)] = PoolKernels.HasMax,
        [typeof(MaxPoolGradient)] = PoolKernels.HasMax,
        [typeof(AvgPool)] = PoolKernels.HasAverage,
        [typeof(AvgPoolGradient)] = PoolKernels.HasAverageGradient,
    }.ToFrozenDictionary();

    private static readonly ConcurrentDictionary<(Op Op, string Operands), bool> s_answers = [];

    /// <summary>bfloat16 for a node with operands of that type which the library computes as they are, otherwise float32.</summary>
    internal DType Of(Node node) =>
        node.Inputs.Any(input => input.Type.DType == DType.BFloat16) && Has(node) ? DType.BFloat16 : DType.Float32;

    /// <summary>
    /// Whether a product is computed in integers as they are; otherwise in float32, of what they stand for. Where the processor adds two products up in 16 bits,
    /// they have to fit: either side has to have seven bits.
    /// </summary>
    internal bool ComputesIntegers(IntegerConv2d op, IReadOnlyList<TensorType> inputs) =>
        (api.HasWideSums || op.HasSmallPairs) && s_answers.GetOrAdd((op, string.Join(' ', inputs)), _ => IntegerKernels.Has(api, op, inputs));

    private bool Has(Node node)
    {
        if (!s_rules.TryGetValue(node.Op.GetType(), out var has)) return true;
        if (withoutBFloat16) return false;
        var operands = string.Join(' ', node.Inputs.Select(input => input.Type));
        return s_answers.GetOrAdd((node.Op, operands), _ => has(node, api));
    }

    /// <summary>Whether a primitive was found and is optimised; releases it.</summary>
    internal static bool IsFast(PrimitiveDesc? desc)
    {
        using var found = desc;
        return found is not null && !Implementations.IsSlow(found.Implementation);
    }
}
