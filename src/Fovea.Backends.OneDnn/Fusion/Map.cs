using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Fusion;

/// <summary>A chain of operations that work element by element, with a reduction at the end or without, in one pass over memory.</summary>
/// <remarks>Inputs have the program's shape or broadcast to it; float32 and bfloat16 mix, arithmetic is in float32.</remarks>
/// <param name="Program">What is computed.</param>
internal sealed record Map(MapProgram Program) : Op
{
    public override string Name => "map";

    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(Program.Inputs, inputs.Length, this);
        foreach (var input in inputs)
            Check.That(input.DType.IsFloat && new Broadcast(Program.Shape).Infer([input])[0].Shape == Program.Shape, this,
                $"{input} does not broadcast to {Program.Shape}");
        return [Program.Sink.Type];
    }

    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) => throw Fused.NoGradient(node);

    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) =>
        Graphs.Cost.OfFlops(Program.Shape.Elements * (Program.Terms.Length + (Program.Sink.Reduction is null ? 0 : 1)), inputs, results);

    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var registers = new List<OracleTensor>();
        foreach (var input in inputs)
        {
            var full = new OracleTensor(Program.Shape);
            new Broadcast(Program.Shape).Evaluate([input], [full]);
            registers.Add(full);
        }

        foreach (var term in Program.Terms)
        {
            var y = new OracleTensor(Program.Shape);
            if (term.Op is Broadcast) registers[term.A].Elements.CopyTo(y.Elements.AsSpan());
            else if (term.Op is AvgPoolGradient pool) new Affine(1.0 / (pool.KernelH * (double)pool.KernelW), 0).Evaluate([registers[term.A]], [y]);
            else term.Op.Evaluate([.. MapProgram.Reads(term).Select(register => registers[register])], [y]);
            registers.Add(y);
        }

        var last = registers[Program.Sink.Register];
        if (Program.Sink.Reduction is { } reduction) reduction.Evaluate([last], results);
        else last.Elements.CopyTo(results[0].Elements.AsSpan());
    }

    public override void Print(AttributeWriter to) => to.Add("program", Program.ToString());
}
