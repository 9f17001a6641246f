using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Fovea.Graphs;

namespace Fovea.Backends.OneDnn.Managed.Maps;

/// <summary>A function of sixteen pairs of numbers with two constants; functions of one number do not look at b.</summary>
internal interface IVectorFunction
{
    static abstract Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q);
}

/// <summary>A function over blocks of floats: a, b → y, n elements.</summary>
internal readonly unsafe struct BlockFunction
{
    private readonly delegate*<float*, float*, float*, int, nint, nint, float, float, void> _loop;
    private readonly float _p;
    private readonly float _q;

    private BlockFunction(delegate*<float*, float*, float*, int, nint, nint, float, float, void> loop, double p, double q)
    {
        _loop = loop;
        (_p, _q) = ((float)p, (float)q);
    }

    /// <summary>The function of an operation that has one.</summary>
    internal static BlockFunction Of(Op op) =>
        VectorFunctions.Visit(op, default(Use)) ?? throw new UnreachableException($"no function computes {op.Name}");

    /// <summary>y may be a or b. The mask of an operand is −1; 0 for one number, which stands there sixteen times.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Run(float* a, float* b, float* y, int n, nint ofA, nint ofB) => _loop(a, b, y, n, ofA, ofB, _p, _q);

    private static void Loop<T>(float* a, float* b, float* y, int n, nint ofA, nint ofB, float first, float second)
        where T : struct, IVectorFunction
    {
        var (p, q) = (Vector512.Create(first), Vector512.Create(second));
        nint i = 0;
        for (; i + 16 <= n; i += 16) T.Of(Vector512.Load(a + (i & ofA)), Vector512.Load(b + (i & ofB)), p, q).Store(y + i);
        if (i == n) return;
        var rest = stackalloc float[48];
        for (var l = 0; l < n - i; l++) (rest[l], rest[16 + l]) = (a[(i & ofA) + l], b[(i & ofB) + l]);
        T.Of(Vector512.Load(rest), Vector512.Load(rest + 16), p, q).Store(rest + 32);
        for (var l = 0; l < n - i; l++) y[i + l] = rest[32 + l];
    }

    private readonly struct Use : IFunctionUse<BlockFunction?>
    {
        public BlockFunction? With<TFunction>(double p, double q)
            where TFunction : struct, IVectorFunction => new BlockFunction(&Loop<TFunction>, p, q);
    }
}
