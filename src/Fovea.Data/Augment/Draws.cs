using Fovea.Tensors;

namespace Fovea.Data.Augment;

/// <summary>The random numbers of one purpose for one sample in one epoch, taken in turn; a copy repeats them.</summary>
/// <param name="seed">The key of all randomness.</param>
/// <param name="purpose">What they are for: <see cref="StreamOf"/>.</param>
/// <param name="epoch">The epoch, from 0.</param>
/// <param name="sample">The number of the sample in its source, or of a batch.</param>
public struct Draws(ulong seed, ulong purpose, long epoch, long sample)
{
    private const string Domain = "data";

    // Made at the first draw: most steps of an image draw nothing.
    private Philox _generator;
    private (uint X0, uint X1, uint X2, uint X3) _block;
    private ulong _next;

    /// <summary>The epoch, from 0.</summary>
    public readonly long Epoch => epoch;

    /// <summary>The numbers of the same purpose and sample that are the same in every epoch.</summary>
    public readonly Draws OfEveryEpoch => new(seed, purpose, -1, sample);

    /// <summary>The stream of what is drawn for data, by its name: <c>transform/random_crop/1</c>.</summary>
    public static ulong StreamOf(string name) => Philox.Stream(Domain, name);

    /// <summary>Uniform in [<paramref name="from"/>, <paramref name="to"/>).</summary>
    public double Uniform(double from = 0, double to = 1) => from + ((to - from) * Philox.ToUniform(Bits()));

    /// <summary>Uniform in [0, <paramref name="bound"/>).</summary>
    public int Integer(int bound) => Philox.ToInteger(Bits(), bound);

    /// <summary>Whether what happens with a probability happens.</summary>
    public bool Chance(double probability) => Uniform() < probability;

    /// <summary>From the standard normal distribution (Box and Muller).</summary>
    public double Normal()
    {
        var (radius, angle) = (Open(), 2 * Math.PI * Uniform());
        return Math.Sqrt(-2 * Math.Log(radius)) * Math.Cos(angle);
    }

    /// <summary>From the gamma distribution of scale 1 (Marsaglia and Tsang 2000).</summary>
    /// <param name="shape">Above 0.</param>
    public double Gamma(double shape)
    {
        if (shape < 1) return Gamma(shape + 1) * Math.Pow(Open(), 1 / shape);
        var d = shape - (1.0 / 3);
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = Normal();
            var v = 1 + (c * x);
            if (v <= 0) continue;
            v = v * v * v;
            if (Math.Log(Open()) < (0.5 * x * x) + d - (d * v) + (d * Math.Log(v))) return d * v;
        }
    }

    /// <summary>From the beta distribution, 0 to 1.</summary>
    /// <param name="a">Above 0.</param>
    /// <param name="b">Above 0.</param>
    public double Beta(double a, double b)
    {
        // Of very small shapes both gammas vanish; what is left is one end or the other.
        var (x, y) = (Gamma(a), Gamma(b));
        return x + y > 0 ? x / (x + y) : Chance(a / (a + b)) ? 1 : 0;
    }

    /// <summary>Uniform in (0, 1].</summary>
    private double Open() => 1 - Uniform();

    private uint Bits()
    {
        var place = _next++ & 3;
        if (place == 0) Refill();
        return place switch { 0 => _block.X0, 1 => _block.X1, 2 => _block.X2, _ => _block.X3 };
    }

    private void Refill()
    {
        if (_next == 1) _generator = new(seed, Philox.Stream(Philox.Stream(purpose, (ulong)epoch), (ulong)sample));
        _block = _generator.Block(_next >> 2);
    }
}
