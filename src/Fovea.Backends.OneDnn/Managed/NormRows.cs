using System.Runtime.Intrinsics;

namespace Fovea.Backends.OneDnn.Managed;

/// <summary>Some rows of a column as float32, sixteen to a row; lanes that a column lacks hold what they like.</summary>
internal static unsafe class NormRows
{
    /// <summary>How many rows are taken at a time.</summary>
    internal const int Most = 64;

    private const int Lanes = ChannelColumns.Lanes;

    internal static void Load<T>(nint x, in ChannelColumn column, int row, int rows, float* to)
        where T : INumbers
    {
        var at = column.Start + (row * column.Step);
        if (column.Lanes == Lanes)
        {
            for (var r = 0; r < rows; r++, at += column.Step) T.Load(x, at).Store(to + (r * Lanes));
            return;
        }

        for (var r = 0; r < rows; r++, at += column.Step)
            for (var l = 0; l < Lanes; l++) to[(r * Lanes) + l] = l < column.Lanes ? T.LoadOne(x, at + l) : 0;
    }

    internal static void Store<T>(nint y, in ChannelColumn column, int row, int rows, float* from)
        where T : INumbers
    {
        var at = column.Start + (row * column.Step);
        if (column.Lanes == Lanes)
        {
            for (var r = 0; r < rows; r++, at += column.Step) T.Store(y, at, Vector512.Load(from + (r * Lanes)));
            return;
        }

        for (var r = 0; r < rows; r++, at += column.Step)
            for (var l = 0; l < column.Lanes; l++) T.StoreOne(y, at + l, from[(r * Lanes) + l]);
    }

    /// <summary>scale·(x − mean) + offset, with sixteen lanes of each coefficient for every group.</summary>
    internal static void Normalise<T>(nint x, in ChannelColumn column, int row, int rows, float* to, float* scale, float* mean, float* offset)
        where T : INumbers
    {
        Load<T>(x, column, row, rows, to);
        var lane = column.Group * Lanes;
        var (a, m, b) = (Vector512.Load(scale + lane), Vector512.Load(mean + lane), Vector512.Load(offset + lane));
        for (var r = 0; r < rows; r++) Vector512.FusedMultiplyAdd(a, Vector512.Load(to + (r * Lanes)) - m, b).Store(to + (r * Lanes));
    }
}
