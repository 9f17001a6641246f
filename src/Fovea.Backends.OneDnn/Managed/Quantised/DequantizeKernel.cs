using System.Runtime.Intrinsics;
using Fovea.Backends.OneDnn.Managed.Common;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Managed.Quantised;

/// <summary>Reads integers, scales and zero points; writes (x − zero) · scale in float32, in x's order.</summary>
/// <param name="rows">Which scale belongs to which elements.</param>
/// <param name="type">The type of x.</param>
internal sealed class DequantizeKernel(ScaledRows rows, DType type) : Kernel
{
    private const int Lanes = 16;

    internal override string Name => "fovea:dequantize";

    internal override void Run(ReadOnlySpan<nint> at) => ScaledRun<Row>.All(new() { Rows = rows, Type = type }, at);

    private readonly unsafe struct Row : IScaledRow
    {
        public static void Of(in ScaledWork work, long from, long end, float scale, int zero)
        {
            var y = (float*)work.Y;
            var i = from;
            if (work.Type is DType.Int8 or DType.UInt8)
                for (; i + Lanes <= end; i += Lanes)
                {
                    var (low, high) = Shorts(work.X + (nint)i, work.Type);
                    Four(Vector128.WidenLower(low), y + i, scale, zero);
                    Four(Vector128.WidenUpper(low), y + i + 4, scale, zero);
                    Four(Vector128.WidenLower(high), y + i + 8, scale, zero);
                    Four(Vector128.WidenUpper(high), y + i + 12, scale, zero);
                }

            for (; i < end; i++) y[i] = (float)(Elements.Load(work.X, work.Type, i) - zero) * scale;
        }

        private static (Vector128<short> Low, Vector128<short> High) Shorts(nint x, DType type)
        {
            if (type == DType.Int8) return Vector128.Widen(Vector128.Load((sbyte*)x));
            var (low, high) = Vector128.Widen(Vector128.Load((byte*)x));
            return (low.AsInt16(), high.AsInt16());
        }

        private static void Four(Vector128<int> x, float* y, float scale, int zero) =>
            (Vector128.ConvertToSingle(x - Vector128.Create(zero)) * Vector128.Create(scale)).Store(y);
    }
}
