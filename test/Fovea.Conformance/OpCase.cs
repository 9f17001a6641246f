using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Conformance;

/// <summary>One application of an operation that every backend must compute as the oracle does.</summary>
/// <param name="Name">The operation's name, a slash, and what is special here.</param>
/// <param name="Op">The operation.</param>
/// <param name="Tolerance">How exactly.</param>
/// <param name="Inputs">Its inputs.</param>
public sealed record OpCase(string Name, Op Op, Tolerance Tolerance, params IReadOnlyList<OpInput> Inputs)
{
    /// <summary>Why the operation has no gradient; null when it has one.</summary>
    public string? NotDifferentiable { get; init; }

    /// <summary>How many results, from the first, carry a gradient; all when null.</summary>
    public int? DifferentiableResults { get; init; }

    /// <summary>
    /// Whether the case is of the size that models have: kernels in blocks, in tiles and on several threads run only there. Sums of products are
    /// compared at sampled places (<see cref="SampledOracle"/>), and what the interpreter alone makes of it tells nothing more.
    /// </summary>
    public bool RealSize { get; init; }

    /// <summary>Whether there is a form of the case with bfloat16 inputs.</summary>
    public bool HasBFloat16 => Inputs.Any(input => input.Type.DType == DType.Float32 && !input.StaysWide);

    /// <summary>The case in float32, or with its narrow inputs in bfloat16.</summary>
    public OpCase In(DType precision) => precision == DType.BFloat16
        ? this with { Inputs = [.. Inputs.Select(Narrow)] }
        : this;

    /// <summary>The elements of every input.</summary>
    public HostTensor[] Fill()
    {
        var tensors = new HostTensor[Inputs.Count];
        for (var i = 0; i < tensors.Length; i++) tensors[i] = Inputs[i].Make(Philox.Stream(Philox.Hash(Name), (ulong)i));
        return tensors;
    }

    /// <summary>A graph with inputs x0, x1, … and the operation applied to them.</summary>
    public Node Build()
    {
        var graph = new Graph(Name);
        return graph.AddNode(Op, [.. Inputs.Select((input, i) => graph.Input($"x{i}", input.Type))]);
    }

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    private static OpInput Narrow(OpInput input) => input.Type.DType == DType.Float32 && !input.StaysWide
        ? input with { Type = input.Type with { DType = DType.BFloat16 } }
        : input;
}
