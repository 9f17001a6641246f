using System.Globalization;
using Fovea.Formats.Onnx.Proto;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;
using AttributeType = Fovea.Formats.Onnx.Proto.AttributeProto.Types.AttributeType;

namespace Fovea.Formats.Onnx.Nodes;

/// <summary>A node that is being read: its operands, its attributes, its results.</summary>
internal sealed class OnnxNode(OnnxScope scope, NodeProto proto, int index)
{
    internal NodeProto Proto => proto;

    internal Graph Graph => scope.Graph;

    internal int Opset => scope.Opset;

    private string Where => proto.Name.Length > 0
        ? $"node '{proto.Name}' ({proto.OpType})"
        : string.Create(CultureInfo.InvariantCulture, $"node {index} ({proto.OpType}, computes '{proto.Output.FirstOrDefault()}')");

    internal ModelFormatException Fail(string problem, Exception? inner = null) => scope.Fail(Where, problem, inner);

    /// <summary>Whether an operand is given; optional ones are left out or have no name.</summary>
    internal bool Has(int input) => input < proto.Input.Count && proto.Input[input].Length > 0;

    /// <summary>An operand to compute with.</summary>
    internal Value Value(int input)
    {
        var operand = Operand(input);
        return operand.Value ??= operand.Known is { } known
            ? Graph.Add(new Constant(Tensor(known, input)))
            : throw Fail($"input {input} is '{proto.Input[input]}', integers that say a shape or axes; wanted a tensor of numbers");
    }

    /// <summary>All operands to compute with.</summary>
    internal Value[] Values()
    {
        if (proto.Input.Count == 0) throw Fail("has no inputs");
        var values = new Value[proto.Input.Count];
        for (var i = 0; i < values.Length; i++) values[i] = Value(i);
        return values;
    }

    /// <summary>The number that an operand is, where it is known and single.</summary>
    internal double? Number(int input)
    {
        if (!Has(input) || Operand(input).Known is not { } known || OnnxTensors.HoldsIntegers(known) || known.Dims.Any(extent => extent != 1)) return null;
        var tensor = Tensor(known, input);
        return tensor.Type.DType == DType.Float32 ? Decimal(tensor.Floats[0]) : null;
    }

    /// <summary>The number of axes of an operand.</summary>
    internal int Rank(int input) => Operand(input) is var operand && operand.Value is { } value ? value.Shape.Rank : operand.Known?.Dims.Count ?? 1;

    /// <summary>The integers that an operand is, or null.</summary>
    internal OnnxIntegers? KnownIntegers(int input)
    {
        if (!Has(input)) return null;
        var operand = Operand(input);
        if (operand.Integers is { } integers) return integers;
        if (operand.Known is not { } known || !OnnxTensors.HoldsIntegers(known)) return null;
        return operand.Integers = new(OnnxTensors.ReadIntegers(known, problem => Fail($"input {input} {problem}")), known.Dims.Count == 0);
    }

    /// <summary>The numbers of a short vector, with one for an axis, that an operand is, where they are known.</summary>
    internal double[]? Numbers(int input)
    {
        if (!Has(input) || Operand(input).Known is not { Dims: [<= Shape.MaxRank] } known || OnnxTensors.HoldsIntegers(known)) return null;
        var tensor = Tensor(known, input);
        return tensor.Type.DType == DType.Float32 ? [.. tensor.Floats.ToArray().Select(Decimal)] : null;
    }

    /// <summary>The positions that an operand has to be, and their shape.</summary>
    internal (long[] Positions, Shape Shape) Indices(int input)
    {
        var integers = KnownIntegers(input) ?? throw Fail($"input {input} is computed from images or missing; wanted positions that are known beforehand");
        var shape = Operand(input).Known is { } known
            ? Shape.Of(known.Dims.ToArray())
            : integers.IsScalar ? Shape.Scalar : new Shape(integers.Elements.Length);
        return (integers.Elements, shape);
    }

    /// <summary>The integers that an operand has to be.</summary>
    internal long[] Integers(int input) =>
        KnownIntegers(input)?.Elements ?? throw Fail($"input {input} is computed from images or missing; wanted integers that are known beforehand");

    /// <summary>An attribute of integers; null where it is missing.</summary>
    internal long[]? Integers(string name) => Attribute(name, AttributeType.Ints) is { } found ? [.. found.Ints] : null;

    /// <summary>An attribute of numbers; null where it is missing.</summary>
    internal double[]? Numbers(string name) => Attribute(name, AttributeType.Floats) is { } found ? [.. found.Floats.Select(Decimal)] : null;

    internal long Integer(string name, long otherwise) => Attribute(name, AttributeType.Int) is { } found ? found.I : otherwise;

    internal double Number(string name, double otherwise) => Attribute(name, AttributeType.Float) is { } found ? Decimal(found.F) : otherwise;

    internal string Text(string name, string otherwise) => Attribute(name, AttributeType.String) is { } found ? found.S.ToStringUtf8() : otherwise;

    internal TensorProto? Tensor(string name) => Attribute(name, AttributeType.Tensor)?.T;

    internal bool HasAttribute(string name) => proto.Attribute.Any(attribute => attribute.Name == name);

    /// <summary>An axis, counted from the end when negative, as one counted from the start.</summary>
    internal int Axis(long axis, int rank) => axis >= -rank && axis < rank
        ? (int)(axis < 0 ? axis + rank : axis)
        : throw Fail($"names the axis {axis} of {rank}");

    /// <summary>Says what the first result is.</summary>
    internal void Set(Value value) => Set(new OnnxOperand { Value = value });

    /// <summary>Says what one of several results is; the others are to be said, too.</summary>
    internal void Set(int result, Value value)
    {
        if (proto.Output[result].Length > 0) scope.Set(proto.Output[result], new OnnxOperand { Value = value }, Where);
    }

    /// <summary>Counts elements that are about to be made without standing in the file.</summary>
    /// <exception cref="GraphException">They are too many.</exception>
    internal void Describe(long elements) => scope.Budget.TakeDescribed(elements);

    /// <summary>Says what the first result is, where it is integers that are known beforehand.</summary>
    internal void Set(OnnxIntegers integers)
    {
        Describe(integers.Elements.Length);
        Set(new OnnxOperand { Integers = integers });
    }

    /// <summary>Says what the first result is, where it is a known tensor.</summary>
    internal void Set(TensorProto known) => Set(new OnnxOperand { Known = known });

    /// <summary>Says that the first result is the first operand, whatever that is.</summary>
    internal void Pass() => Set(Operand(0));

    private void Set(OnnxOperand operand)
    {
        if (proto.Output.Count == 0) throw Fail("has no result");
        for (var i = 1; i < proto.Output.Count; i++)
            if (proto.Output[i].Length > 0 && proto.OpType != "Dropout") throw Fail($"has a second result '{proto.Output[i]}'; only the first can be read");
        scope.Set(proto.Output[0], operand, Where);
    }

    private OnnxOperand Operand(int input) =>
        Has(input) ? scope.Operand(proto.Input[input], Where) : throw Fail($"input {input} is missing; it has {proto.Input.Count}");

    private HostTensor Tensor(TensorProto known, int input) => OnnxTensors.Read(known, problem => Fail($"input {input} {problem}"));

    private AttributeProto? Attribute(string name, AttributeType type)
    {
        var found = proto.Attribute.FirstOrDefault(attribute => attribute.Name == name);
        // The first version of the format does not tell types.
        if (found is not null && found.Type != type && found.Type != AttributeType.Undefined)
            throw Fail($"the attribute {name} is of the type {found.Type}; wanted {type}");
        return found;
    }

    // A float32 attribute stands for the decimal number that was meant: 1e-5, not 9.99999974737875e-6.
    private static double Decimal(float number) => double.Parse(number.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
