using Fovea.Formats.Onnx.Proto;
using Fovea.Graphs;

namespace Fovea.Formats.Onnx.Nodes;

/// <summary>What a name of an ONNX graph stands for: a value of the graph, a tensor that is known, or integers that say shapes and axes.</summary>
internal sealed class OnnxOperand
{
    internal Value? Value { get; set; }

    /// <summary>The elements, where they stand in the file and are no weight.</summary>
    internal TensorProto? Known { get; init; }

    internal OnnxIntegers? Integers { get; set; }
}

/// <summary>Integers that are computed while a file is read.</summary>
/// <param name="Elements">The numbers.</param>
/// <param name="IsScalar">Whether it is one number without axes.</param>
internal sealed record OnnxIntegers(long[] Elements, bool IsScalar = false);
