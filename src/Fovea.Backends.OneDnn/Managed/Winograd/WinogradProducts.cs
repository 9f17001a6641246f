using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Fovea.Backends.OneDnn.Managed.Winograd;

/// <summary>The products of one position: sixteen tiles × channels times channels × sixteen channels of the result.</summary>
internal static unsafe class WinogradProducts
{
    private const int Lanes = WinogradKernel.Lanes;

    /// <param name="v">[blocks][16 tiles][16 channels].</param>
    /// <param name="u">[blocks][16 channels][16 channels of the result].</param>
    /// <param name="blocks">Channel blocks that are summed.</param>
    /// <param name="m">[16 tiles][16 channels of the result].</param>
    [SkipLocalsInit]
    internal static void Multiply(float* v, float* u, int blocks, float* m)
    {
        Vector512<float> m0 = default, m1 = default, m2 = default, m3 = default, m4 = default, m5 = default, m6 = default, m7 = default;
        Vector512<float> m8 = default, m9 = default, m10 = default, m11 = default, m12 = default, m13 = default, m14 = default, m15 = default;
        for (var b = 0; b < blocks; b++, v += WinogradKernel.Tiles * Lanes)
            for (var c = 0; c < Lanes; c++, u += Lanes)
            {
                var w = Vector512.Load(u);
                var x = v + c;
                m0 = Vector512.FusedMultiplyAdd(w, Vector512.Create(x[0]), m0);
                m1 = Vector512.FusedMultiplyAdd(w, Vector512.Create(x[16]), m1);
                m2 = Vector512.FusedMultiplyAdd(w, Vector512.Create(x[32]), m2);
                m3 = Vector512.FusedMultiplyAdd(w, Vector512.Create(x[48]), m3);
                m4 = Vector512.FusedMultiplyAdd(w, Vector512.Create(x[64]), m4);
                m5 = Vector512.FusedMultiplyAdd(w, Vector512.Create(x[80]), m5);
                m6 = Vector512.FusedMultiplyAdd(w, Vector512.Create(x[96]), m6);
                m7 = Vector512.FusedMultiplyAdd(w, Vector512.Create(x[112]), m7);
                m8 = Vector512.FusedMultiplyAdd(w, Vector512.Create(x[128]), m8);
                m9 = Vector512.FusedMultiplyAdd(w, Vector512.Create(x[144]), m9);
                m10 = Vector512.FusedMultiplyAdd(w, Vector512.Create(x[160]), m10);
                m11 = Vector512.FusedMultiplyAdd(w, Vector512.Create(x[176]), m11);
                m12 = Vector512.FusedMultiplyAdd(w, Vector512.Create(x[192]), m12);
                m13 = Vector512.FusedMultiplyAdd(w, Vector512.Create(x[208]), m13);
                m14 = Vector512.FusedMultiplyAdd(w, Vector512.Create(x[224]), m14);
                m15 = Vector512.FusedMultiplyAdd(w, Vector512.Create(x[240]), m15);
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

    /// <summary>Adds the products over sixteen tiles to those of a block of weights: m[c] += Σ v[t][c]·g[t].</summary>
    /// <param name="v">[16 tiles][16 channels].</param>
    /// <param name="g">[16 tiles][16 channels of the result].</param>
    /// <param name="m">[16 channels][16 channels of the result].</param>
    [SkipLocalsInit]
    internal static void Accumulate(float* v, float* g, float* m)
    {
        var (m0, m1, m2, m3) = (Vector512.Load(m), Vector512.Load(m + 16), Vector512.Load(m + 32), Vector512.Load(m + 48));
        var (m4, m5, m6, m7) = (Vector512.Load(m + 64), Vector512.Load(m + 80), Vector512.Load(m + 96), Vector512.Load(m + 112));
        var (m8, m9, m10, m11) = (Vector512.Load(m + 128), Vector512.Load(m + 144), Vector512.Load(m + 160), Vector512.Load(m + 176));
        var (m12, m13, m14, m15) = (Vector512.Load(m + 192), Vector512.Load(m + 208), Vector512.Load(m + 224), Vector512.Load(m + 240));
        for (var t = 0; t < WinogradKernel.Tiles; t++, v += Lanes, g += Lanes)
        {
            var w = Vector512.Load(g);
            m0 = Vector512.FusedMultiplyAdd(w, Vector512.Create(v[0]), m0);
            m1 = Vector512.FusedMultiplyAdd(w, Vector512.Create(v[1]), m1);
            m2 = Vector512.FusedMultiplyAdd(w, Vector512.Create(v[2]), m2);
            m3 = Vector512.FusedMultiplyAdd(w, Vector512.Create(v[3]), m3);
            m4 = Vector512.FusedMultiplyAdd(w, Vector512.Create(v[4]), m4);
            m5 = Vector512.FusedMultiplyAdd(w, Vector512.Create(v[5]), m5);
            m6 = Vector512.FusedMultiplyAdd(w, Vector512.Create(v[6]), m6);
            m7 = Vector512.FusedMultiplyAdd(w, Vector512.Create(v[7]), m7);
            m8 = Vector512.FusedMultiplyAdd(w, Vector512.Create(v[8]), m8);
            m9 = Vector512.FusedMultiplyAdd(w, Vector512.Create(v[9]), m9);
            m10 = Vector512.FusedMultiplyAdd(w, Vector512.Create(v[10]), m10);
            m11 = Vector512.FusedMultiplyAdd(w, Vector512.Create(v[11]), m11);
            m12 = Vector512.FusedMultiplyAdd(w, Vector512.Create(v[12]), m12);
            m13 = Vector512.FusedMultiplyAdd(w, Vector512.Create(v[13]), m13);
            m14 = Vector512.FusedMultiplyAdd(w, Vector512.Create(v[14]), m14);
            m15 = Vector512.FusedMultiplyAdd(w, Vector512.Create(v[15]), m15);
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
}
