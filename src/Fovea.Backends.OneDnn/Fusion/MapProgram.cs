using System.Collections.Immutable;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Fusion;

/// <summary>One operation of a <see cref="MapProgram"/> on one or two registers (A = B for one).</summary>
internal readonly record struct MapTerm(Op Op, int A, int B)
{
    internal bool IsUnary => Op is Pointwise or Cast or Broadcast or AvgPoolGradient;
}

/// <summary>A result of a <see cref="MapProgram"/>: a register as it is, or reduced.</summary>
/// <param name="Register">The register.</param>
/// <param name="Reduction">Null to store every element.</param>
/// <param name="Type">Type of the result.</param>
internal readonly record struct MapSink(int Register, Reduce? Reduction, TensorType Type);

/// <summary>Operations that work element by element, in order: register i is input i, or else the result of term i − inputs. Compared by content.</summary>
/// <param name="shape">What all registers are broadcast to.</param>
/// <param name="inputs">The number of inputs.</param>
/// <param name="terms">The operations.</param>
/// <param name="sinks">What is kept: several registers, or one that may be reduced.</param>
internal sealed class MapProgram(Shape shape, int inputs, ImmutableArray<MapTerm> terms, params ImmutableArray<MapSink> sinks) : IEquatable<MapProgram>
{
    internal Shape Shape => shape;

    internal int Inputs => inputs;

    internal ImmutableArray<MapTerm> Terms => terms;

    internal ImmutableArray<MapSink> Sinks => sinks;

    /// <summary>What the one result is reduced by; null where registers are kept as they are.</summary>
    internal Reduce? Reduction => sinks[0].Reduction;

    /// <summary>The register numbers that a term reads.</summary>
    internal static IEnumerable<int> Reads(MapTerm term) => term.IsUnary ? [term.A] : [term.A, term.B];

    /// <summary>Whether zeros in whole operands give zeros whatever the repeated ones are, so that padding may be computed like the rest.</summary>
    internal bool KeepsZero(Func<int, bool> isWhole)
    {
        const double Any = 0.7315;
        var registers = new double[inputs + terms.Length];
        for (var i = 0; i < inputs; i++) registers[i] = isWhole(i) ? 0 : Any;
        for (var i = 0; i < terms.Length; i++)
            registers[inputs + i] = terms[i].Op switch
            {
                Pointwise function => function.Function(registers[terms[i].A]),
                PointwiseGradient gradient => registers[terms[i].B] * gradient.Of.Derivative(registers[terms[i].A]),
                Binary binary => binary.Function(registers[terms[i].A], registers[terms[i].B]),
                Blend blend => (blend.Alpha * registers[terms[i].A]) + (blend.Beta * registers[terms[i].B]),
                _ => registers[terms[i].A],
            };
        return sinks.All(sink => registers[sink.Register] == 0);
    }

    public bool Equals(MapProgram? other) => other is not null && shape == other.Shape && inputs == other.Inputs
        && sinks.AsSpan().SequenceEqual(other.Sinks.AsSpan()) && terms.AsSpan().SequenceEqual(other.Terms.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as MapProgram);

    public override int GetHashCode() => HashCode.Combine(shape, inputs, terms.Length, sinks[0]);

    /// <summary>For example <c>%2 = multiply %0 %1; sum %2</c>.</summary>
    public override string ToString()
    {
        var lines = terms.Select((term, i) => $"%{inputs + i} = {term.Op} {string.Join(' ', Reads(term).Select(register => $"%{register}"))}");
        return string.Join("; ", lines.Concat(sinks.Select(sink => $"{sink.Reduction?.ToString() ?? "store"} %{sink.Register}")));
    }
}
