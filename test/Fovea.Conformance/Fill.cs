using Fovea.Tensors;

namespace Fovea.Conformance;

/// <summary>How an input of a case is filled: a function of its position, the same in every run.</summary>
public abstract record Fill
{
    /// <summary>The element at a position in row-major order.</summary>
    /// <param name="draws">The numbers of this input.</param>
    /// <param name="index">The position.</param>
    /// <param name="count">How many elements there are.</param>
    public abstract double Element(Philox draws, int index, int count);

    /// <summary>Uniform in [low, high), but not within 0.05 of a point where the operation has a kink.</summary>
    /// <param name="Low">The least.</param>
    /// <param name="High">The bound.</param>
    /// <param name="Avoid">A point to avoid; NaN for none.</param>
    /// <param name="Avoid2">Another.</param>
    public sealed record Uniform(double Low, double High, double Avoid = double.NaN, double Avoid2 = double.NaN) : Fill
    {
        private const double Margin = 0.05;
        private const ulong NextDraw = 1UL << 40;

        /// <inheritdoc/>
        public override double Element(Philox draws, int index, int count)
        {
            for (var i = (ulong)index; ; i += NextDraw)
            {
                var x = Low + ((High - Low) * draws.Uniform(i));
                if (!(Math.Abs(x - Avoid) < Margin) && !(Math.Abs(x - Avoid2) < Margin)) return x;
            }
        }
    }

    /// <summary>Numbers from −1 to 1 in a mixed order, each once: a maximum is clearly one of them.</summary>
    public sealed record Distinct : Fill
    {
        /// <inheritdoc/>
        public override double Element(Philox draws, int index, int count)
        {
            // A multiplier without a common factor permutes the positions.
            var step = (count / 2) | 1;
            while (Gcd(step, count) != 1) step += 2;
            return ((2.0 * ((long)index * step % count)) + 1) / count - 1;
        }

        private static int Gcd(int a, int b) => b == 0 ? a : Gcd(b, a % b);
    }

    /// <summary>An offset plus a random multiple of 1/8 in [−1, 1]: with another offset no element meets another of this kind.</summary>
    /// <param name="Offset">The offset.</param>
    public sealed record Grid(double Offset) : Fill
    {
        /// <inheritdoc/>
        public override double Element(Philox draws, int index, int count) => Offset + ((draws.Integer((ulong)index, 17) - 8) / 8.0);
    }

    /// <summary>Whole numbers in [low, high).</summary>
    /// <param name="Low">The least.</param>
    /// <param name="High">The bound.</param>
    public sealed record Integers(int Low, int High) : Fill
    {
        /// <inheritdoc/>
        public override double Element(Philox draws, int index, int count) => Low + draws.Integer((ulong)index, High - Low);
    }
}
