using Fovea.Tensors;

namespace Fovea.Data.Augment;

/// <summary>The random numbers of one sample in one epoch, taken in turn; a copy repeats them.</summary>
internal struct Draws(ulong seed, long epoch, long sample)
{
    private readonly Philox _generator = new(seed, Philox.Stream((ulong)epoch, (ulong)sample));
    private ulong _next;

    /// <summary>Uniform in [<paramref name="from"/>, <paramref name="to"/>).</summary>
    public double Uniform(double from = 0, double to = 1) => from + ((to - from) * _generator.Uniform(_next++));

    /// <summary>Uniform in [0, <paramref name="bound"/>).</summary>
    public int Integer(int bound) => _generator.Integer(_next++, bound);
}
