using Fovea.Tensors;

namespace Fovea.Data.Synth;

/// <summary>Numbers drawn one after the other from one stream of <see cref="Philox"/>.</summary>
internal sealed class Dice(ulong seed, ulong stream)
{
    private readonly Philox _philox = new(seed, stream);
    private ulong _next;

    /// <summary>Uniform in [0, 1).</summary>
    public float Uniform() => (float)_philox.Uniform(_next++);

    /// <summary>Uniform in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public float Between(float low, float high) => low + ((high - low) * Uniform());

    /// <summary>Bell-shaped around zero with standard deviation 1, never beyond ±3.5.</summary>
    public float Bell() => (Uniform() + Uniform() + Uniform() + Uniform() - 2) * 1.7320508f;

    /// <summary>Uniform in 0 … <paramref name="bound"/> − 1.</summary>
    public int Integer(int bound) => _philox.Integer(_next++, bound);

    /// <summary>True with this probability.</summary>
    public bool Chance(float probability) => Uniform() < probability;
}
