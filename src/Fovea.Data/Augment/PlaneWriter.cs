using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Fovea.Data.Augment.Resampling;
using Fovea.Images;

namespace Fovea.Data.Augment;

/// <summary>Writes images as planes of what their samples become by <see cref="SampleTables"/>, to the last bit.</summary>
/// <remarks>
/// Quotients come sixteen at a time from a reciprocal and one correction by their remainder, which a fused multiply-add has exactly (Markstein 1990). That
/// rounds as division does but for rare divisors: each writer tries all samples, and looks them up one by one if a bit differs.
/// </remarks>
internal sealed unsafe class PlaneWriter
{
    private const int Block = 16;
    private const int Samples = 256;
    private const byte Nothing = 0xFF;

    // For each channel, where the samples of a block's pixels lie in the three vectors that hold them; then the same from right to left.
    private static readonly Vector128<byte>[] s_places = [.. Places(isMirrored: false), .. Places(isMirrored: true)];

    private readonly float[] _tables;
    private readonly int _channels;
    private readonly Channel[] _of;
    private readonly bool _isExact;

    /// <summary>A writer for one input of a model.</summary>
    public PlaneWriter(Preprocessing input)
    {
        (_tables, _channels) = (SampleTables.Of(input), input.Channels);
        _of = [.. Enumerable.Range(0, _channels).Select(c => new Channel((float)input.Mean[c], (float)input.Std[c], 1 / (float)input.Std[c]))];
        _isExact = Avx2.IsSupported && Fma.IsSupported && Enumerable.Range(0, _channels).All(IsExact);
    }

    /// <summary>Writes an image.</summary>
    /// <param name="view">The image.</param>
    /// <param name="isMirrored">Whether it is written from right to left.</param>
    /// <param name="target">[C, H, W].</param>
    public void Write(PixelView view, bool isMirrored, float* target)
    {
        var plane = (nint)view.Width * view.Height;
        for (var y = 0; y < view.Height; y++)
        {
            var row = view.Pixels + ((nint)y * view.Stride);
            var write = target + ((nint)y * view.Width);
            if (_isExact && view.Width >= Block) WriteBlocks(row, view.Width, isMirrored, write, plane);
            else WriteSingly(row, view.Width, isMirrored, write, plane);
        }
    }

    private void WriteSingly(byte* row, int width, bool isMirrored, float* target, nint plane)
    {
        var (first, step) = isMirrored ? (3 * (nint)(width - 1), -3) : (0, 3);
        fixed (float* tables = _tables)
            for (var c = 0; c < _channels; c++)
            {
                var pixel = row + first + c;
                for (nint x = 0; x < width; x++, pixel += step) target[(c * plane) + x] = tables[(c * Samples) + *pixel];
            }
    }

    private void WriteBlocks(byte* row, int width, bool isMirrored, float* target, nint plane)
    {
        ref var places = ref s_places[isMirrored ? s_places.Length / 2 : 0];
        for (var x = 0; x < width; x += Block)
        {
            // The last block ends with the row, and writes some of the one before it again.
            x = Math.Min(x, width - Block);
            var read = row + (3 * (nint)(isMirrored ? width - Block - x : x));
            var (a, b, c) = (Vector128.Load(read), Vector128.Load(read + Block), Vector128.Load(read + (2 * Block)));
            for (var channel = 0; channel < _channels; channel++)
            {
                ref var place = ref Unsafe.Add(ref places, 3 * channel);
                var samples = Ssse3.Shuffle(a, place) | Ssse3.Shuffle(b, Unsafe.Add(ref place, 1)) | Ssse3.Shuffle(c, Unsafe.Add(ref place, 2));
                _of[channel].Write(samples, target + (channel * plane) + x);
            }
        }
    }

    private bool IsExact(int channel)
    {
        var samples = stackalloc byte[Samples];
        var made = stackalloc float[Samples];
        for (var i = 0; i < Samples; i++) samples[i] = (byte)i;
        for (var i = 0; i < Samples; i += Block) _of[channel].Write(Vector128.Load(samples + i), made + i);
        for (var i = 0; i < Samples; i++)
            if (BitConverter.SingleToUInt32Bits(made[i]) != BitConverter.SingleToUInt32Bits(_tables[(channel * Samples) + i])) return false;
        return true;
    }

    private static IEnumerable<Vector128<byte>> Places(bool isMirrored)
    {
        for (var channel = 0; channel < 3; channel++)
            for (var vector = 0; vector < 3; vector++)
            {
                var places = new byte[Block];
                for (var i = 0; i < Block; i++)
                {
                    var at = (3 * (isMirrored ? Block - 1 - i : i)) + channel;
                    places[i] = at / Block == vector ? (byte)(at % Block) : Nothing;
                }

                yield return Vector128.Create(places);
            }
    }

    /// <summary>The normalisation of one channel.</summary>
    private readonly record struct Channel(float Mean, float Deviation, float Reciprocal)
    {
        private const float White = 255;

        public void Write(Vector128<byte> samples, float* target)
        {
            Normal(Avx2.ConvertToVector256Int32(samples)).Store(target);
            Normal(Avx2.ConvertToVector256Int32(Sse2.ShiftRightLogical128BitLane(samples, 8))).Store(target + 8);
        }

        private Vector256<float> Normal(Vector256<int> samples)
        {
            var of1 = Quotient(Vector256.ConvertToSingle(samples), Vector256.Create(White), Vector256.Create(1 / White));
            return Quotient(of1 - Vector256.Create(Mean), Vector256.Create(Deviation), Vector256.Create(Reciprocal));
        }

        private static Vector256<float> Quotient(Vector256<float> dividend, Vector256<float> divisor, Vector256<float> reciprocal)
        {
            var quotient = dividend * reciprocal;
            return Fma.MultiplyAdd(Fma.MultiplyAddNegated(quotient, divisor, dividend), reciprocal, quotient);
        }
    }
}
