using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Fusion;

/// <summary>Operations that work element by element, in one pass over memory: one result, which may be reduced, or several.</summary>
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
        return [.. Program.Sinks.Select(sink => sink.Type)];
    }

    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) => throw Fused.NoGradient(node);

    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) =>
        Graphs.Cost.OfFlops(Program.Shape.Elements * (Program.Terms.Length + (Program.Reduction is null ? 0 : 1)), inputs, results);

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

        if (Program.Reduction is { } reduction) reduction.Evaluate([registers[Program.Sinks[0].Register]], results);
        else
            for (var i = 0; i < results.Length; i++) registers[Program.Sinks[i].Register].Elements.CopyTo(results[i].Elements.AsSpan());
    }

    public override void Print(AttributeWriter to) => to.Add("program", Program.ToString());
}
