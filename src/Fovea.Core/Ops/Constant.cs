using System.Globalization;
using System.Runtime.InteropServices;
using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>A tensor that is known when the graph is built; equal when type and every bit are. ONNX: Constant.</summary>
/// <param name="Tensor">The elements; not to be changed afterwards.</param>
public sealed record Constant(HostTensor Tensor) : Op
{
    /// <inheritdoc/>
    public override string Name => "constant";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(0, inputs.Length, this);
        return [Tensor.Type];
    }

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) => [];

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) => default;

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results) =>
        OracleTensor.From(Tensor).Elements.CopyTo(results[0].Elements.AsSpan());

    /// <inheritdoc/>
    public bool Equals(Constant? other) =>
        other is not null && Tensor.Type == other.Tensor.Type && Tensor.Bytes.SequenceEqual(other.Tensor.Bytes);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Tensor.Type);
        hash.AddBytes(Tensor.Bytes);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override void Print(AttributeWriter to)
    {
        to.Add("type", Tensor.Type.DType.ShortName);
        to.Add("shape", Tensor.Shape);
        if (Fill() is { } number) to.Add("fill", number.ToString("R", CultureInfo.InvariantCulture));
        else to.Add("base64", Convert.ToBase64String(Tensor.Bytes));
    }

    internal static Constant Parse(AttributeReader from)
    {
        var type = new TensorType(from.DType("type"), from.Shape("shape"));
        if (type.DType == DType.Float32 && from.Has("fill"))
        {
            from.Describe(type.Shape);
            return float.IsFinite((float)from.Number("fill"))
                ? new(HostTensor.Filled(type.Shape, (float)from.Number("fill")))
                : throw new GraphException($"constant: fill={from.Word("fill")}; wanted a number that float32 holds");
        }

        try
        {
            return new(new HostTensor(type, Convert.FromBase64String(from.Word("base64"))));
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw new GraphException($"constant: base64: {e.Message}");
        }
    }

    /// <summary>The finite float32 that every element is, to the bit; null when there is none.</summary>
    private float? Fill()
    {
        if (Tensor.Type.DType != DType.Float32 || Tensor.Floats is not [var first, ..] || !float.IsFinite(first)) return null;
        var bits = MemoryMarshal.Cast<byte, int>(Tensor.Bytes);
        return bits.ContainsAnyExcept(bits[0]) ? null : first;
    }
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary>A single float32 number, of shape [].</summary>
    public static Value Constant(this Graph graph, float number) => graph.Add(new Constant(HostTensor.Filled(Shape.Scalar, number)));

    /// <summary>A known tensor, of which the graph keeps a copy.</summary>
    public static Value Constant(this Graph graph, HostTensor tensor) => graph.Add(new Constant(tensor.Copy()));
}
