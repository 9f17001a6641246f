using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Fovea.Backends.OneDnn.Managed.Winograd;

/// <summary>The products of one position, sixteen sums of sixteen channels of the result at a time, each in a register.</summary>
internal static unsafe class WinogradProducts
{
    private const int Lanes = WinogradKernel.Lanes;

    /// <summary>m[tile] = Σ v[tile][channel]·u[channel], over the channels of all blocks.</summary>
    /// <param name="v">[blocks][16 tiles][16 channels].</param>
    /// <param name="u">[blocks][16 channels][16 channels of the result].</param>
    /// <param name="blocks">Channel blocks that are summed.</param>
    /// <param name="m">[16 tiles][16 channels of the result]; the place of v where there is one block.</param>
    internal static void Multiply(float* v, float* u, int blocks, float* m) => Run<TileSums>(v, u, blocks, m);

    /// <summary>m[channel] += Σ v[tile][channel]·g[tile], over sixteen tiles.</summary>
    /// <param name="v">[16 tiles][16 channels].</param>
    /// <param name="g">[16 tiles][16 channels of the result].</param>
    /// <param name="m">[16 channels][16 channels of the result].</param>
    internal static void Accumulate(float* v, float* g, float* m) => Run<ChannelSums>(v, g, blocks: 1, m);

    [SkipLocalsInit]
    private static void Run<TOrder>(float* v, float* u, int blocks, float* m)
        where TOrder : struct, IOrder
    {
        var (m0, m1, m2, m3) = (Start<TOrder>(m), Start<TOrder>(m + 16), Start<TOrder>(m + 32), Start<TOrder>(m + 48));
        var (m4, m5, m6, m7) = (Start<TOrder>(m + 64), Start<TOrder>(m + 80), Start<TOrder>(m + 96), Start<TOrder>(m + 112));
        var (m8, m9, m10, m11) = (Start<TOrder>(m + 128), Start<TOrder>(m + 144), Start<TOrder>(m + 160), Start<TOrder>(m + 176));
        var (m12, m13, m14, m15) = (Start<TOrder>(m + 192), Start<TOrder>(m + 208), Start<TOrder>(m + 224), Start<TOrder>(m + 240));
        for (var b = 0; b < blocks; b++, v += WinogradKernel.Tiles * Lanes)
            for (var term = 0; term < Lanes; term++, u += Lanes)
            {
                var w = Vector512.Load(u);
                var x = v + (term * TOrder.Term);
                m0 = Vector512.FusedMultiplyAdd(w, Vector512.Create(x[0]), m0);
                m1 = Vector512.FusedMultiplyAdd(w, Vector512.Create(x[TOrder.Sum]), m1);
                m2 = Vector512.FusedMultiplyAdd(w, Vector512.Create(x[2 * TOrder.Sum]), m2);
                m3 = Vector512.FusedMultiplyAdd(w, Vector512.Create(x[3 * TOrder.Sum]), m3);
                m4 = Vector512.FusedMultiplyAdd(w, Vector512.Create(x[4 * TOrder.Sum]), m4);
                m5 = Vector512.FusedMultiplyAdd(w, Vector512.Create(x[5 * TOrder.Sum]), m5);
                m6 = Vector512.FusedMultiplyAdd(w, Vector512.Create(x[6 * TOrder.Sum]), m6);
                m7 = Vector512.FusedMultiplyAdd(w, Vector512.Create(x[7 * TOrder.Sum]), m7);
                m8 = Vector512.FusedMultiplyAdd(w, Vector512.Create(x[8 * TOrder.Sum]), m8);
                m9 = Vector512.FusedMultiplyAdd(w, Vector512.Create(x[9 * TOrder.Sum]), m9);
                m10 = Vector512.FusedMultiplyAdd(w, Vector512.Create(x[10 * TOrder.Sum]), m10);
                m11 = Vector512.FusedMultiplyAdd(w, Vector512.Create(x[11 * TOrder.Sum]), m11);
                m12 = Vector512.FusedMultiplyAdd(w, Vector512.Create(x[12 * TOrder.Sum]), m12);
                m13 = Vector512.FusedMultiplyAdd(w, Vector512.Create(x[13 * TOrder.Sum]), m13);
                m14 = Vector512.FusedMultiplyAdd(w, Vector512.Create(x[14 * TOrder.Sum]), m14);
                m15 = Vector512.FusedMultiplyAdd(w, Vector512.Create(x[15 * TOrder.Sum]), m15);
            }

        m0.Store(m);
        m1.Store(m + 16);
        m2.Store(m + 32);
        m3.Store(m + 48);
        m4.Store(m + 64);
        m5.Store(m + 80);
        m6.Store(m + 96);
        m7.Store(m + 112);
        m8.Store(m + 128);
        m9.Store(m + 144);
        m10.Store(m + 160);
        m11.Store(m + 176);
        m12.Store(m + 192);
        m13.Store(m + 208);
        m14.Store(m + 224);
        m15.Store(m + 240);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Start<TOrder>(float* m)
        where TOrder : struct, IOrder => TOrder.Adds ? Vector512.Load(m) : Vector512<float>.Zero;

    /// <summary>Which axis of [16 tiles][16 channels] has the sums, and which their terms, as steps in elements; and whether sums go on.</summary>
    private interface IOrder
    {
        static abstract bool Adds { get; }

        static abstract int Sum { get; }

        static abstract int Term { get; }
    }

    private readonly struct TileSums : IOrder
    {
        public static bool Adds => false;

        public static int Sum => Lanes;

        public static int Term => 1;
    }

    private readonly struct ChannelSums : IOrder
    {
        public static bool Adds => true;

        public static int Sum => 1;

        public static int Term => Lanes;
    }
}
