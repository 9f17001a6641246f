using System.Runtime.Intrinsics;
using Fovea.Backends.OneDnn.Fusion;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed.Common;
using Fovea.Backends.OneDnn.Managed.Maps;

namespace Fovea.Backends.OneDnn.Managed;

/// <summary>
/// The gradient of <see cref="NormSumKernel{T}"/>: reads x, γ, mean, variance per branch, dy₁, … and the mask; writes dx, dγ, dβ per branch, and dz.
/// </summary>
/// <remarks>
/// With dz = mask·Σ dyⱼ, s₀ = Σ dz and s₁ = Σ dz·(x − μ): dβ = s₀, dγ = s₁·r, r = 1/√(σ² + ε), and dx = γr·(dz − s₀/n − (x − μ)·r²·s₁/n). A first
/// pass takes the sums per column and writes dz where it is a result, which may take the place of a dyⱼ; a second computes dx, which may take the
/// place of x. It goes backwards, through what the first has left in the caches.
/// </remarks>
internal sealed unsafe class NormSumGradientKernel<T>(NormSumGradient op, ChannelColumns columns) : Kernel
    where T : INumbers
{
    private readonly LaneSums _sums = new(columns);
    private readonly double[] _plain = new double[columns.Channels];
    private NormWork _work = NormWork.Allocate(columns, op.Branches, op.Terms);

    internal override string Name => "fovea:norm_sum";

    internal override void Run(ReadOnlySpan<nint> at)
    {
        var (branches, first) = (op.Branches, 4 * op.Branches);
        var results = first + op.Terms + (op.Rectified ? 1 : 0);
        for (var i = 0; i < branches; i++) (_work.X[i], _work.Dx[i]) = (at[4 * i], at[results + (3 * i)]);
        for (var j = 0; j < op.Terms; j++) _work.Z[j] = at[first + j];
        _work.Mask = op.Rectified ? (ushort*)at[first + op.Terms] : null;
        _work.Dz = op.GivesTerm ? at[^1] : 0;
        fixed (NormWork* work = &_work)
        {
            var parts = Chunks.Parts((long)columns.Rows * ChannelColumns.Lanes);
            for (var i = 0; i < branches; i++) Spread(work, i, (float*)at[(4 * i) + 2]);
            GompTeam.Run(parts, &Sum, (nint)work);
            for (var j = 0; j < op.Terms; j++) T.Settle((nint)work->Z[j]);
            for (var i = 0; i < branches; i++)
                Join(
                    work, i, (float*)at[(4 * i) + 1], (float*)at[(4 * i) + 2], (float*)at[(4 * i) + 3], (float*)at[results + (3 * i) + 1],
                    (float*)at[results + (3 * i) + 2]);
            GompTeam.Run(parts, &Apply, (nint)work);
        }
    }

    internal override void Release()
    {
        _work.Free();
        columns.Dispose();
    }

    /// <summary>The means, a number for each lane, for the first pass.</summary>
    private void Spread(NormWork* work, int branch, float* mean)
    {
        var (channelOf, channels) = (columns.ChannelOf, columns.Channels);
        var third = work->Third + work->Lane(branch, 0);
        for (var lane = 0; lane < channelOf.Length; lane++) third[lane] = channelOf[lane] < channels ? mean[channelOf[lane]] : 0;
    }

    private static void Sum(int part, int parts, nint address)
    {
        var work = (NormWork*)address;
        for (var c = (int)((long)work->Count * part / parts); c < (int)((long)work->Count * (part + 1) / parts); c++)
        {
            var isWhole = work->Columns[c].Lanes == ChannelColumns.Lanes;
            if (work->Dz != 0 && isWhole) JoinColumn(work, work->Columns + c);
            else if (work->Dz != 0) JoinLanes(work, work->Columns + c);
            for (var i = 0; i < work->Branches; i++)
                if (isWhole) SumColumn(work, i, work->Columns + c, work->SumsOf(i, c));
                else SumLanes(work, i, work->Columns + c, work->SumsOf(i, c));
        }
    }

    private static void JoinColumn(NormWork* work, ChannelColumn* column)
    {
        var at = column->Start;
        for (var r = 0; r < column->Rows; r++, at += column->Step)
        {
            var dz = T.Load((nint)work->Z[0], at);
            for (var j = 1; j < work->Terms; j++) dz += T.Load((nint)work->Z[j], at);
            T.Store(work->Dz, at, Masked(work, column->FirstRow + r, dz));
        }
    }

    private static void JoinLanes(NormWork* work, ChannelColumn* column)
    {
        for (var r = 0; r < column->Rows; r++)
            for (var l = 0; l < column->Lanes; l++)
            {
                var (at, dz) = (column->Start + (r * column->Step) + l, 0f);
                for (var j = 0; j < work->Terms; j++) dz += T.LoadOne((nint)work->Z[j], at);
                T.StoreOne(work->Dz, at, Masked(work, column->FirstRow + r, l, dz));
            }
    }

    private static void SumColumn(NormWork* work, int branch, ChannelColumn* column, float* sums)
    {
        var mean = Vector512.Load(work->Third + work->Lane(branch, column->Group));
        var (plain, weighted) = (Vector512<float>.Zero, Vector512<float>.Zero);
        var (x, at) = ((nint)work->X[branch], column->Start);
        for (var r = 0; r < column->Rows; r++, at += column->Step)
        {
            var dz = Dz(work, column->FirstRow + r, at);
            plain += dz;
            weighted = Vector512.FusedMultiplyAdd(dz, T.Load(x, at) - mean, weighted);
        }

        plain.Store(sums);
        weighted.Store(sums + ChannelColumns.Lanes);
    }

    private static void SumLanes(NormWork* work, int branch, ChannelColumn* column, float* sums)
    {
        for (var l = 0; l < column->Lanes; l++)
        {
            var (plain, weighted) = (0.0, 0.0);
            for (var r = 0; r < column->Rows; r++)
            {
                var at = column->Start + (r * column->Step) + l;
                var dz = Dz(work, column->FirstRow + r, l, at);
                plain += dz;
                weighted += (double)dz * (T.LoadOne((nint)work->X[branch], at) - work->Third[work->Lane(branch, column->Group) + l]);
            }

            sums[l] = (float)plain;
            sums[ChannelColumns.Lanes + l] = (float)weighted;
        }
    }

    /// <summary>dγ and dβ, and dx = first·dz + second·x + third.</summary>
    private void Join(NormWork* work, int branch, float* gamma, float* mean, float* variance, float* dgamma, float* dbeta)
    {
        var (channelOf, channels, n) = (columns.ChannelOf, columns.Channels, (double)columns.Population);
        _sums.Totals(work->SumsOf(branch, 0), perRow: false).CopyTo(_plain);
        var weighted = _sums.Totals(work->SumsOf(branch, 0) + ChannelColumns.Lanes, perRow: false);
        for (var k = 0; k < channels; k++) (dbeta[k], dgamma[k]) = ((float)_plain[k], (float)(weighted[k] / Math.Sqrt(variance[k] + op.Epsilon)));
        for (var lane = 0; lane < channelOf.Length; lane++)
        {
            var (k, at) = (channelOf[lane], work->Lane(branch, 0) + lane);
            work->First[at] = work->Second[at] = work->Third[at] = 0;
            if (k >= channels) continue;
            var r = 1 / Math.Sqrt(variance[k] + op.Epsilon);
            var first = gamma[k] * r;
            var second = -first * r * r * weighted[k] / n;
            (work->First[at], work->Second[at]) = ((float)first, (float)second);
            work->Third[at] = (float)((-first * _plain[k] / n) - (second * mean[k]));
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
        for (var i = work->Branches - 1; i >= 0; i--)
        {
            var lane = work->Lane(i, column->Group);
            var (first, second, third) = (Vector512.Load(work->First + lane), Vector512.Load(work->Second + lane), Vector512.Load(work->Third + lane));
            var (x, dx, at) = ((nint)work->X[i], (nint)work->Dx[i], column->Start);
            for (var r = 0; r < column->Rows; r++, at += column->Step)
            {
                var dz = Dz(work, column->FirstRow + r, at);
                T.Store(dx, at, Vector512.FusedMultiplyAdd(first, dz, Vector512.FusedMultiplyAdd(second, T.Load(x, at), third)));
            }
        }
    }

    private static void ApplyLanes(NormWork* work, ChannelColumn* column)
    {
        for (var r = 0; r < column->Rows; r++)
            for (var l = 0; l < column->Lanes; l++)
            {
                var at = column->Start + (r * column->Step) + l;
                var dz = Dz(work, column->FirstRow + r, l, at);
                for (var i = 0; i < work->Branches; i++)
                {
                    var lane = work->Lane(i, column->Group) + l;
                    T.StoreOne((nint)work->Dx[i], at, (work->First[lane] * dz) + ((work->Second[lane] * T.LoadOne((nint)work->X[i], at)) + work->Third[lane]));
                }
            }
    }

    /// <summary>dz, which the first pass has written if it is a result; otherwise there is one dy.</summary>
    private static Vector512<float> Dz(NormWork* work, int row, long at) =>
        work->Dz != 0 ? T.Load(work->Dz, at) : Masked(work, row, T.Load((nint)work->Z[0], at));

    private static float Dz(NormWork* work, int row, int lane, long at) =>
        work->Dz != 0 ? T.LoadOne(work->Dz, at) : Masked(work, row, lane, T.LoadOne((nint)work->Z[0], at));

    private static Vector512<float> Masked(NormWork* work, int row, Vector512<float> dy)
    {
        if (work->Mask == null) return dy;
        return VectorMath.Lanes(work->Mask[row]) & dy;
    }

    private static float Masked(NormWork* work, int row, int lane, float dy) => work->Mask == null || (work->Mask[row] >> lane & 1) != 0 ? dy : 0;
}
