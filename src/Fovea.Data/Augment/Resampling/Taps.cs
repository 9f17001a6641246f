using Fovea.Images;
using System.Numerics;

namespace Fovea.Data.Augment.Resampling;

/// <summary>For each output position along one axis, which input positions enter it and with which weight.</summary>
/// <remarks>The weights are Pillow's: normalised in double, then rounded to 22 binary places. The arrays are reused.</remarks>
internal sealed class Taps
{
    public const int FractionBits = 22;

    public const int LowBits = 12;

    // Kernels take this many taps at once; weights beyond an output's last tap are zero.
    public const int Group = 4;

    private double[] _exact = [];

    /// <summary>Output positions.</summary>
    public int Count { get; private set; }

    /// <summary>Weights from one output position to the next, a multiple of <see cref="Group"/>.</summary>
    public int Step { get; private set; }

    /// <summary>The first input position of each output.</summary>
    public int[] First { get; private set; } = [];

    /// <summary>The number of input positions of each output.</summary>
    public int[] Length { get; private set; } = [];

    public int[] Weights { get; private set; } = [];

    /// <summary>
    /// The weights as w = 2^<see cref="LowBits"/> · high + low with low ≥ 0, for instructions that take 16-bit factors: of each
    /// <see cref="Group"/> first the high parts, then the low parts.
    /// </summary>
    public short[] Halves { get; private set; } = [];

    /// <summary>The input positions that are read at all: from the first output's first to behind the last output's last.</summary>
    public (int From, int To) Range => (First[0], First[Count - 1] + Length[Count - 1]);

    /// <summary>Computes the taps that map [<paramref name="from"/>, <paramref name="to"/>) of the input onto the whole output, for a part of it.</summary>
    public void Prepare(int inputs, float from, float to, int outputs, Interpolation interpolation, int firstOutput, int count)
    {
        var scale = (double)(to - from) / outputs;
        if (interpolation == Interpolation.Nearest)
        {
            Pick(from, scale, inputs, firstOutput, count);
            return;
        }

        var widening = Math.Max(scale, 1);
        var support = Support(interpolation) * widening;
        var longest = ((int)Math.Ceiling(support) * 2) + 1;
        Reserve(count, longest);
        for (var i = 0; i < count; i++)
        {
            var centre = from + ((firstOutput + i + 0.5) * scale);
            var first = Math.Max((int)(centre - support + 0.5), 0);
            var length = Math.Min((int)(centre + support + 0.5), inputs) - first;
            (First[i], Length[i]) = (first, length);
            Weigh(Weights.AsSpan(i * Step, Step), length, first - centre + 0.5, 1 / widening, interpolation);
        }

        Halve();
    }

    /// <summary>Lets the inputs begin at <paramref name="origin"/>.</summary>
    public void Rebase(int origin)
    {
        for (var i = 0; i < Count; i++) First[i] -= origin;
    }

    private static double Support(Interpolation interpolation) => interpolation switch
    {
        Interpolation.Bilinear => 1,
        Interpolation.Bicubic => 2,
        Interpolation.Box => 0.5,
        Interpolation.Lanczos => 3,
        _ => throw new ArgumentOutOfRangeException(nameof(interpolation), $"{interpolation} is no interpolation"),
    };

    private static double Kernel(Interpolation interpolation, double x) => interpolation switch
    {
        Interpolation.Bilinear => Math.Max(1 - Math.Abs(x), 0),
        Interpolation.Bicubic => Cubic(Math.Abs(x)),
        Interpolation.Box => x is > -0.5 and <= 0.5 ? 1 : 0,
        _ => x is >= -3 and < 3 ? Sinc(x) * Sinc(x / 3) : 0,
    };

    private static double Cubic(double x)
    {
        const double a = -0.5;
        if (x < 1) return ((((a + 2) * x) - (a + 3)) * x * x) + 1;
        return x < 2 ? (((((x - 5) * x) + 8) * x) - 4) * a : 0;
    }

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(x * Math.PI) / (x * Math.PI);

    // Sizes vary from image to image; room to spare keeps the arrays from growing by steps.
    private static int Roomy(int length) => (int)BitOperations.RoundUpToPowerOf2((uint)length);

    // Pillow's NEAREST: the pixel that the middle of the output lies in, which it finds by adding up steps, with their rounding.
    private void Pick(double from, double scale, int inputs, int firstOutput, int count)
    {
        Reserve(count, longest: 1);
        Weights.AsSpan(0, count * Step).Clear();
        var middle = from + (scale * 0.5);
        for (var i = 0; i < firstOutput; i++) middle += scale;
        for (var i = 0; i < count; i++, middle += scale)
        {
            (First[i], Length[i]) = (Math.Clamp((int)middle, 0, inputs - 1), 1);
            Weights[i * Step] = 1 << FractionBits;
        }

        Halve();
    }

    private void Weigh(Span<int> weights, int length, double start, double narrowing, Interpolation interpolation)
    {
        var sum = 0.0;
        for (var i = 0; i < length; i++)
        {
            _exact[i] = Kernel(interpolation, (i + start) * narrowing);
            sum += _exact[i];
        }

        weights.Clear();
        for (var i = 0; i < length; i++)
        {
            var weight = sum == 0 ? _exact[i] : _exact[i] / sum;
            weights[i] = (int)((weight < 0 ? -0.5 : 0.5) + (weight * (1 << FractionBits)));
        }
    }

    private void Halve()
    {
        for (var i = 0; i < Count * Step; i++)
        {
            var at = (2 * i) - (i % Group);
            Halves[at] = (short)(Weights[i] >> LowBits);
            Halves[at + Group] = (short)(Weights[i] & ((1 << LowBits) - 1));
        }
    }

    private void Reserve(int outputs, int longest)
    {
        (Count, Step) = (outputs, (longest + Group - 1) / Group * Group);
        if (First.Length < outputs) (First, Length) = (new int[Roomy(outputs)], new int[Roomy(outputs)]);
        if (Weights.Length < outputs * Step) (Weights, Halves) = (new int[Roomy(outputs * Step)], new short[2 * Roomy(outputs * Step)]);
        if (_exact.Length < longest) _exact = new double[Roomy(longest)];
    }
}
