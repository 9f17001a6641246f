using System.Runtime.Intrinsics;
using Fovea.Backends.OneDnn.Fusion;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed.Common;

namespace Fovea.Backends.OneDnn.Managed;

/// <summary>Normalises, sums and rectifies: reads x, γ, β per branch, then terms; writes y, mean and variance per branch, and the mask.</summary>
/// <remarks>
/// One pass takes mean and squared deviation of each column, which fits the first-level cache; they are joined in double (Chan et al.
/// 1979), so the statistics are as good as sums in double. A second pass computes y,
/// backwards, through what the first has left in the caches.
/// </remarks>
/// <param name="op">What is computed.</param>
/// <param name="terms">How many plain terms.</param>
/// <param name="columns">The tensors, cut.</param>
/// <param name="activation">A function other than ReLU at the end, of a branch that stands alone.</param>
internal sealed unsafe class NormSumKernel<T>(NormSum op, int terms, ChannelColumns columns, ActivationPass<T>? activation = null) : Kernel
    where T : INumbers
{
    private readonly LaneSums _sums = new(columns);
    private readonly double[] _means = new double[columns.Groups * ChannelColumns.Lanes];
    private NormWork _work = NormWork.Allocate(columns, op.Branches, terms);

    internal override string Name => "fovea:norm_sum";

    internal override void Run(ReadOnlySpan<nint> at)
    {
        var branches = op.Branches;
        var results = (3 * branches) + terms;
        for (var i = 0; i < branches; i++) _work.X[i] = at[3 * i];
        for (var j = 0; j < terms; j++) _work.Z[j] = at[(3 * branches) + j];
        _work.Y = at[results];
        _work.Mask = op.Rectified ? (ushort*)at[^1] : null;
        fixed (NormWork* work = &_work)
        {
            var parts = Chunks.Parts((long)columns.Rows * ChannelColumns.Lanes);
            GompTeam.Run(parts, &Measure, (nint)work);
            for (var i = 0; i < branches; i++) T.Settle((nint)work->X[i]);
            for (var i = 0; i < branches; i++)
                Join(work, i, (float*)at[(3 * i) + 1], (float*)at[(3 * i) + 2], (float*)at[results + 1 + (2 * i)], (float*)at[results + 2 + (2 * i)]);
            if (activation is null)
            {
                GompTeam.Run(parts, &Apply, (nint)work);
                return;
            }

            (work->P, work->Q) = (activation.P, activation.Q);
            GompTeam.Run(parts, activation.Run, (nint)work);
        }
    }

    internal override void Release()
    {
        _work.Free();
        columns.Dispose();
    }

    private static void Measure(int part, int parts, nint address)
    {
        var work = (NormWork*)address;
        for (var c = (int)((long)work->Count * part / parts); c < (int)((long)work->Count * (part + 1) / parts); c++)
            for (var i = 0; i < work->Branches; i++)
                if (work->Columns[c].Lanes == ChannelColumns.Lanes) MeasureColumn((nint)work->X[i], work->Columns + c, work->SumsOf(i, c));
                else MeasureLanes((nint)work->X[i], work->Columns + c, work->SumsOf(i, c));
    }

    private static void MeasureColumn(nint x, ChannelColumn* column, float* sums)
    {
        var (a, b, rows, step) = (Vector512<float>.Zero, Vector512<float>.Zero, column->Rows, column->Step);
        var (r, at) = (0, column->Start);
        for (; r + 2 <= rows; r += 2, at += 2 * step)
        {
            a += T.Load(x, at);
            b += T.Load(x, at + step);
        }

        if (r < rows) a += T.Load(x, at);
        var mean = (a + b) * (1f / rows);
        (a, b, r, at) = (Vector512<float>.Zero, Vector512<float>.Zero, 0, column->Start);
        for (; r + 2 <= rows; r += 2, at += 2 * step)
        {
            var (d, e) = (T.Load(x, at) - mean, T.Load(x, at + step) - mean);
            a = Vector512.FusedMultiplyAdd(d, d, a);
            b = Vector512.FusedMultiplyAdd(e, e, b);
        }

        if (r < rows)
        {
            var d = T.Load(x, at) - mean;
            a = Vector512.FusedMultiplyAdd(d, d, a);
        }

        mean.Store(sums);
        (a + b).Store(sums + ChannelColumns.Lanes);
    }

    private static void MeasureLanes(nint x, ChannelColumn* column, float* sums)
    {
        for (var l = 0; l < column->Lanes; l++)
        {
            var (sum, squares) = (0.0, 0.0);
            for (var r = 0; r < column->Rows; r++) sum += T.LoadOne(x, column->Start + (r * column->Step) + l);
            var mean = sum / column->Rows;
            for (var r = 0; r < column->Rows; r++)
            {
                var d = T.LoadOne(x, column->Start + (r * column->Step) + l) - mean;
                squares += d * d;
            }

            sums[l] = (float)mean;
            sums[ChannelColumns.Lanes + l] = (float)squares;
        }
    }

    /// <summary>
    /// Statistics of the whole batch from those of the columns, and with them y = first·(x − third) + second: a difference first, which keeps the digits
    /// that ReLU decides by.
    /// </summary>
    private void Join(NormWork* work, int branch, float* gamma, float* beta, float* mean, float* variance)
    {
        var (channelOf, channels, n) = (columns.ChannelOf, columns.Channels, (double)columns.Population);
        var sums = work->SumsOf(branch, 0);
        var totals = _sums.Totals(sums, perRow: true);
        for (var lane = 0; lane < _means.Length; lane++)
        {
            var k = channelOf[lane];
            _means[lane] = k < channels ? totals[k] / n : 0;
        }

        fixed (double* means = _means) totals = _sums.Squares(sums, means);
        for (var lane = 0; lane < _means.Length; lane++)
        {
            var (k, at) = (channelOf[lane], work->Lane(branch, 0) + lane);
            work->First[at] = work->Second[at] = work->Third[at] = 0;
            if (k >= channels) continue;
            var (m, v) = (_means[lane], totals[k] / n);
            (mean[k], variance[k]) = ((float)m, (float)v);
            (work->First[at], work->Second[at], work->Third[at]) = ((float)(gamma[k] / Math.Sqrt(v + op.Epsilon)), beta[k], (float)m);
        }
    }

    private static void Apply(int part, int parts, nint address)
    {
        var work = (NormWork*)address;
        for (var c = (int)((long)work->Count * (part + 1) / parts) - 1; c >= (int)((long)work->Count * part / parts); c--)
            if (work->Columns[c].Lanes == ChannelColumns.Lanes) ApplyColumn(work, work->Columns + c);
            else ApplyLanes(work, work->Columns + c);
    }

    private static void ApplyColumn(NormWork* work, ChannelColumn* column)
    {
        var offset = Vector512<float>.Zero;
        for (var i = 0; i < work->Branches; i++) offset += Vector512.Load(work->Second + work->Lane(i, column->Group));
        var (a0, m0) = Scale(work, 0, column->Group);
        var (a1, m1) = work->Branches > 1 ? Scale(work, 1, column->Group) : default;
        var (a2, m2) = work->Branches > 2 ? Scale(work, 2, column->Group) : default;
        var at = column->Start;
        for (var r = 0; r < column->Rows; r++, at += column->Step)
        {
            var y = Vector512.FusedMultiplyAdd(a0, T.Load((nint)work->X[0], at) - m0, offset);
            if (work->Branches > 1) y = Vector512.FusedMultiplyAdd(a1, T.Load((nint)work->X[1], at) - m1, y);
            if (work->Branches > 2) y = Vector512.FusedMultiplyAdd(a2, T.Load((nint)work->X[2], at) - m2, y);
            for (var i = 3; i < work->Branches; i++)
            {
                var (a, m) = Scale(work, i, column->Group);
                y = Vector512.FusedMultiplyAdd(a, T.Load((nint)work->X[i], at) - m, y);
            }

            for (var j = 0; j < work->Terms; j++) y += T.Load((nint)work->Z[j], at);
            if (work->Mask != null)
            {
                work->Mask[column->FirstRow + r] = (ushort)Vector512.GreaterThan(y, Vector512<float>.Zero).ExtractMostSignificantBits();
                y = Vector512.Max(y, Vector512<float>.Zero);
            }

            T.Store(work->Y, at, y);
        }
    }

    private static (Vector512<float> Scale, Vector512<float> Mean) Scale(NormWork* work, int branch, int group) =>
        (Vector512.Load(work->First + work->Lane(branch, group)), Vector512.Load(work->Third + work->Lane(branch, group)));

    private static void ApplyLanes(NormWork* work, ChannelColumn* column)
    {
        for (var r = 0; r < column->Rows; r++)
        {
            var mask = 0;
            for (var l = 0; l < column->Lanes; l++)
            {
                var at = column->Start + (r * column->Step) + l;
                var y = 0f;
                for (var i = 0; i < work->Branches; i++)
                {
                    var lane = work->Lane(i, column->Group) + l;
                    y += (work->First[lane] * (T.LoadOne((nint)work->X[i], at) - work->Third[lane])) + work->Second[lane];
                }

                for (var j = 0; j < work->Terms; j++) y += T.LoadOne((nint)work->Z[j], at);
                if (y > 0) mask |= 1 << l;
                T.StoreOne(work->Y, at, work->Mask != null ? Math.Max(y, 0) : y);
            }

            if (work->Mask != null) work->Mask[column->FirstRow + r] = (ushort)mask;
        }
    }
}
