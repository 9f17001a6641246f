using System.Globalization;
using Fovea.Tensors;
using Fovea.Threads;

namespace Fovea.Graphs;

/// <summary>How a variable starts. Fan-in is the product of all extents but the first; fan-out that of all but the second.</summary>
public abstract record Initializer
{
    /// <summary>The elements that a thread makes at a time.</summary>
    private const int AtATime = 1 << 16;

    /// <summary>All zeros.</summary>
    public static Initializer Zeros { get; } = new Fill(0);

    /// <summary>All ones.</summary>
    public static Initializer Ones { get; } = new Fill(1);

    /// <summary>He et al. 2015 (arXiv:1502.01852) for ReLU: normal with deviation √(2 / fan-in).</summary>
    public static Initializer KaimingFanIn { get; } = new Kaiming(Outwards: false);

    /// <summary>The same with fan-out, as torchvision initialises ResNet: normal with deviation √(2 / fan-out).</summary>
    public static Initializer KaimingFanOut { get; } = new Kaiming(Outwards: true);

    /// <summary>The uniform form of <see cref="KaimingFanIn"/>: within ±√(6 / fan-in).</summary>
    public static Initializer KaimingUniform { get; } = new UniformKaiming();

    /// <summary>Glorot and Bengio 2010: uniform within ±√(6 / (fan-in + fan-out)).</summary>
    public static Initializer XavierUniform { get; } = new UniformXavier();

    /// <summary>Glorot and Bengio 2010: normal with deviation √(2 / (fan-in + fan-out)).</summary>
    public static Initializer XavierNormal { get; } = new NormalXavier();

    /// <summary>PyTorch's default for convolutions and linear layers: uniform in ±1/√fan-in.</summary>
    public static Initializer FanInUniform { get; } = new UniformFan();

    /// <summary>
    /// A convolution that passes channels on, beside others that start as <see cref="FanInUniform"/>: filter i takes the middle of channel i, rounded down, as
    /// long as there are channels. PyTorch: dirac_ of the first filters.
    /// </summary>
    public static Initializer Dirac { get; } = new PassingOn();

    /// <summary>The values of a variable of the given shape; <paramref name="label"/> names its stream.</summary>
    public HostTensor Make(Shape shape, string label, ulong seed)
    {
        var draws = new Philox(seed, Philox.Hash(label));
        var tensor = new HostTensor(new TensorType(DType.Float32, shape));
        SharedWork.For((tensor.Floats.Length + AtATime - 1) / AtATime, threads: 0, part =>
        {
            var first = part * AtATime;
            var floats = tensor.Floats[first..Math.Min(first + AtATime, tensor.Floats.Length)];
            for (var i = 0; i < floats.Length; i++) floats[i] = (float)Element(shape, draws, (ulong)(first + i));
        });
        return tensor;
    }

    /// <summary>One element of a variable.</summary>
    protected abstract double Element(Shape shape, Philox draws, ulong index);

    /// <summary>Reads what <see cref="object.ToString"/> of an initializer prints.</summary>
    /// <exception cref="GraphException">The text names no initializer.</exception>
    public static Initializer Parse(string text)
    {
        var open = text.IndexOf('(', StringComparison.Ordinal);
        var (name, argument) = open < 0 ? (text, "") : (text[..open], text[(open + 1)..].TrimEnd(')'));
        var numbers = argument.Split(';', StringSplitOptions.RemoveEmptyEntries);
        double Number(int i = 0) => i < numbers.Length && double.TryParse(numbers[i], CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : throw new GraphException($"'{text}' is no initializer; wanted {i + 1} finite numbers in its parentheses");
        int Whole(int i) => Number(i) is var number and >= 0 and <= int.MaxValue && Math.Floor(number) == number
            ? (int)number
            : throw new GraphException($"'{text}' is no initializer; wanted whole numbers from 0");
        return name switch
        {
            "fill" => new Fill(Number()),
            "normal" => new Normal(Number(), numbers.Length > 1 ? Number(1) : 0),
            "uniform" => new Uniform(Number()),
            "truncated_normal" => new TruncatedNormal(Number()),
            "apart" => Whole(0) > 0 ? new Apart(Whole(0), Whole(1)) : throw new GraphException($"'{text}' is no initializer; wanted a period from 1"),
            "kaiming_fan_in" => KaimingFanIn,
            "kaiming_fan_out" => KaimingFanOut,
            "kaiming_uniform" => KaimingUniform,
            "xavier_uniform" => XavierUniform,
            "xavier_normal" => XavierNormal,
            "fan_in_uniform" => FanInUniform,
            "dirac" => Dirac,
            _ => throw new GraphException($"'{text}' is no initializer; wanted fill, normal, uniform, truncated_normal, apart, kaiming_fan_in, "
                + "kaiming_fan_out, kaiming_uniform, xavier_uniform, xavier_normal, fan_in_uniform or dirac"),
        };
    }

    private static long FanIn(Shape shape) => shape.Rank < 2 ? 1 : shape.Elements / shape[0];

    private static long FanOut(Shape shape) => shape.Rank < 2 ? 1 : shape.Elements / shape[1];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>One number everywhere.</summary>
    public sealed record Fill(double Number) : Initializer
    {
        /// <inheritdoc/>
        public override string ToString() => Text($"fill({Number:R})");

        /// <inheritdoc/>
        protected override double Element(Shape shape, Philox draws, ulong index) => Number;
    }

    /// <summary>Normal.</summary>
    public sealed record Normal(double Deviation, double Mean = 0) : Initializer
    {
        /// <inheritdoc/>
        public override string ToString() => Mean == 0 ? Text($"normal({Deviation:R})") : Text($"normal({Deviation:R};{Mean:R})");

        /// <inheritdoc/>
        protected override double Element(Shape shape, Philox draws, ulong index) => Mean + (Deviation * draws.Normal(index));
    }

    /// <summary>Uniform in ±<paramref name="Bound"/>.</summary>
    public sealed record Uniform(double Bound) : Initializer
    {
        /// <inheritdoc/>
        public override string ToString() => Text($"uniform({Bound:R})");

        /// <inheritdoc/>
        protected override double Element(Shape shape, Philox draws, ulong index) => Bound * ((2 * draws.Uniform(index)) - 1);
    }

    /// <summary>Normal with mean 0, cut at two deviations by drawing again; timm's trunc_normal_tf_.</summary>
    /// <remarks>PyTorch's trunc_normal_ cuts at ±2 whatever the deviation: for a small one that is <see cref="Normal"/>.</remarks>
    public sealed record TruncatedNormal(double Deviation) : Initializer
    {
        private const ulong NextDraw = 1UL << 40;

        /// <inheritdoc/>
        public override string ToString() => Text($"truncated_normal({Deviation:R})");

        /// <inheritdoc/>
        protected override double Element(Shape shape, Philox draws, ulong index)
        {
            var x = draws.Normal(index);
            for (var i = index + NextDraw; Math.Abs(x) > 2; i += NextDraw) x = draws.Normal(i);
            return Deviation * x;
        }
    }

    /// <summary>
    /// A mask that keeps two parts of a period apart: 0 where row and column lie in the same part, −∞ elsewhere. Rows and columns are counted
    /// along the first axis and what is left.
    /// </summary>
    /// <param name="Period">The period, from 1.</param>
    /// <param name="Part">The length of the first part, up to the period.</param>
    public sealed record Apart(int Period, int Part) : Initializer
    {
        /// <inheritdoc/>
        public override string ToString() => Text($"apart({Period};{Part})");

        /// <inheritdoc/>
        protected override double Element(Shape shape, Philox draws, ulong index)
        {
            var columns = (ulong)(shape.Rank == 0 ? 1 : shape.Elements / shape[0]);
            return IsFirst(index / columns) == IsFirst(index % columns) ? 0 : double.NegativeInfinity;

            bool IsFirst(ulong position) => position % (ulong)Period < (ulong)Part;
        }
    }

    private sealed record Kaiming(bool Outwards) : Initializer
    {
        public override string ToString() => Outwards ? "kaiming_fan_out" : "kaiming_fan_in";

        protected override double Element(Shape shape, Philox draws, ulong index) =>
            Math.Sqrt(2.0 / (Outwards ? FanOut(shape) : FanIn(shape))) * draws.Normal(index);
    }

    private sealed record UniformKaiming : Initializer
    {
        public override string ToString() => "kaiming_uniform";

        protected override double Element(Shape shape, Philox draws, ulong index) =>
            Math.Sqrt(6.0 / FanIn(shape)) * ((2 * draws.Uniform(index)) - 1);
    }

    private sealed record UniformXavier : Initializer
    {
        public override string ToString() => "xavier_uniform";

        protected override double Element(Shape shape, Philox draws, ulong index) =>
            Math.Sqrt(6.0 / (FanIn(shape) + FanOut(shape))) * ((2 * draws.Uniform(index)) - 1);
    }

    private sealed record NormalXavier : Initializer
    {
        public override string ToString() => "xavier_normal";

        protected override double Element(Shape shape, Philox draws, ulong index) =>
            Math.Sqrt(2.0 / (FanIn(shape) + FanOut(shape))) * draws.Normal(index);
    }

    private sealed record UniformFan : Initializer
    {
        public override string ToString() => "fan_in_uniform";

        protected override double Element(Shape shape, Philox draws, ulong index) =>
            ((2 * draws.Uniform(index)) - 1) / Math.Sqrt(FanIn(shape));
    }

    private sealed record PassingOn : Initializer
    {
        public override string ToString() => "dirac";

        protected override double Element(Shape shape, Philox draws, ulong index)
        {
            if (shape.Rank < 2) return FanInUniform.Element(shape, draws, index);
            var (taps, middle) = (1UL, 0UL);
            for (var axis = 2; axis < shape.Rank; axis++)
                (taps, middle) = (taps * (ulong)shape[axis], (middle * (ulong)shape[axis]) + ((ulong)shape[axis] / 2));
            var (filter, within) = (index / ((ulong)shape[1] * taps), index % ((ulong)shape[1] * taps));
            return filter >= (ulong)shape[1] ? FanInUniform.Element(shape, draws, index) : within == (filter * taps) + middle ? 1 : 0;
        }
    }
}
