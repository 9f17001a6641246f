using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Fovea.Backends.OneDnn.Managed.Common;

namespace Fovea.Backends.OneDnn.Managed.Quantised;

/// <summary>Reads x in float32, scales and zero points; writes clamp(round(x / scale) + zero, low, high) in 8 bits, in x's order.</summary>
/// <param name="rows">Which scale belongs to which elements.</param>
/// <param name="low">The least result.</param>
/// <param name="high">The greatest.</param>
internal sealed class QuantizeKernel(ScaledRows rows, int low, int high) : Kernel
{
    private const int Lanes = 16;

    internal override string Name => "fovea:quantize";

    internal override void Run(ReadOnlySpan<nint> at) => ScaledRun<Row>.All(new() { Rows = rows, Low = low, High = high }, at);

    private readonly unsafe struct Row : IScaledRow
    {
        public static void Of(in ScaledWork work, long from, long end, float scale, int zero)
        {
            var x = (float*)work.X;
            var y = (byte*)work.Y;
            var i = from;
            for (; i + Lanes <= end; i += Lanes)
            {
                var (a, b) = (Whole(x + i, scale, zero, work.Low, work.High), Whole(x + i + 4, scale, zero, work.Low, work.High));
                var (c, d) = (Whole(x + i + 8, scale, zero, work.Low, work.High), Whole(x + i + 12, scale, zero, work.Low, work.High));
                Vector128.Narrow(Vector128.Narrow(a, b), Vector128.Narrow(c, d)).AsByte().Store(y + i);
            }

            for (; i < end; i++) y[i] = (byte)(sbyte)Whole(x[i], scale, zero, work.Low, work.High);
        }

        /// <summary>Clamped before it is an integer, so that every number, and NaN as low, has one.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector128<int> Whole(float* x, float scale, int zero, int low, int high)
        {
            var whole = Vector128.Round(Vector128.Load(x) / Vector128.Create(scale)) + Vector128.Create((float)zero);
            return Vector128.ConvertToInt32Native(Vector128.MinNative(Vector128.MaxNative(whole, Vector128.Create((float)low)), Vector128.Create((float)high)));
        }

        private static int Whole(float x, float scale, int zero, int low, int high)
        {
            var whole = MathF.Round(x / scale) + zero;
            return (int)(whole > low ? Math.Min(whole, high) : low);
        }
    }
}
