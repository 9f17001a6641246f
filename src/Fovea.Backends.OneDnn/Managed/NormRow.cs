using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Fovea.Backends.OneDnn.Managed.Common;

namespace Fovea.Backends.OneDnn.Managed;

/// <summary>A row of a column as sixteen float32 lanes; those that a column lacks are zeros, and are not written.</summary>
internal static unsafe class NormRow
{
    private const int Lanes = ChannelColumns.Lanes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> Load<T>(nint x, long at, int lanes)
        where T : INumbers => lanes == Lanes ? T.Load(x, at) : LoadSome<T>(x, at, lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store<T>(nint y, long at, int lanes, Vector512<float> row)
        where T : INumbers
    {
        if (lanes == Lanes) T.Store(y, at, row);
        else StoreSome<T>(y, at, lanes, row);
    }

    private static Vector512<float> LoadSome<T>(nint x, long at, int lanes)
        where T : INumbers
    {
        var row = Vector512<float>.Zero;
        for (var l = 0; l < lanes; l++) row = row.WithElement(l, T.LoadOne(x, at + l));
        return row;
    }

    private static void StoreSome<T>(nint y, long at, int lanes, Vector512<float> row)
        where T : INumbers
    {
        for (var l = 0; l < lanes; l++) T.StoreOne(y, at + l, row[l]);
    }
}
