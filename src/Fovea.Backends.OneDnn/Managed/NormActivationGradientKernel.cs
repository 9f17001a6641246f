using System.Runtime.Intrinsics;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed.Common;
using Fovea.Backends.OneDnn.Managed.Maps;

namespace Fovea.Backends.OneDnn.Managed;

/// <summary>The gradient of a norm that a function follows: reads x, γ, β, mean, variance, dy; writes dx, dγ, dβ.</summary>
/// <remarks>
/// As <see cref="NormSumGradientKernel{T}"/>, with dz = dy·f′(z) and z = γ·(x − μ)/√(σ² + ε) + β computed anew in both passes. dx may take the
/// place of x or of dy.
/// </remarks>
internal sealed unsafe class NormActivationGradientKernel<T, TDerivative>(double epsilon, double p, double q, ChannelColumns columns) : Kernel
    where T : INumbers
    where TDerivative : struct, IVectorFunction
{
    private const int Lanes = ChannelColumns.Lanes;

    private readonly LaneSums _sums = new(columns);
    private readonly double[] _plain = new double[columns.Channels];
    private NormWork _work = NormWork.Allocate(columns, branches: 1, terms: 0);

    internal override string Name => "fovea:norm_activation";

    internal override void Run(ReadOnlySpan<nint> at)
    {
        (_work.X[0], _work.Z[0], _work.Dx[0]) = (at[0], at[5], at[6]);
        (_work.P, _work.Q) = ((float)p, (float)q);
        fixed (NormWork* work = &_work)
        {
            var parts = Chunks.Parts((long)columns.Rows * Lanes);
            Spread(work, (float*)at[1], (float*)at[2], (float*)at[3], (float*)at[4]);
            GompTeam.Run(parts, &Sum, (nint)work);
            T.Settle((nint)work->Z[0]);
            Join(work, (float*)at[1], (float*)at[3], (float*)at[4], (float*)at[7], (float*)at[8]);
            GompTeam.Run(parts, &Apply, (nint)work);
        }
    }

    internal override void Release()
    {
        _work.Free();
        columns.Dispose();
    }

    /// <summary>The coefficients of z, a number for each lane.</summary>
    private void Spread(NormWork* work, float* gamma, float* beta, float* mean, float* variance)
    {
        var (channelOf, channels) = (columns.ChannelOf, columns.Channels);
        for (var lane = 0; lane < channelOf.Length; lane++)
        {
            var k = channelOf[lane];
            var isChannel = k < channels;
            work->Scale[lane] = isChannel ? (float)(gamma[k] / Math.Sqrt(variance[k] + epsilon)) : 0;
            work->Mean[lane] = isChannel ? mean[k] : 0;
            work->Offset[lane] = isChannel ? beta[k] : 0;
        }
    }

    private static void Sum(int part, int parts, nint address)
    {
        var work = (NormWork*)address;
        var (x, dy, p, q) = ((nint)work->X[0], (nint)work->Z[0], Vector512.Create(work->P), Vector512.Create(work->Q));
        for (var c = (int)((long)work->Count * part / parts); c < (int)((long)work->Count * (part + 1) / parts); c++)
        {
            ref var column = ref work->Columns[c];
            var lane = column.Group * Lanes;
            var (scale, mean, offset) = (Vector512.Load(work->Scale + lane), Vector512.Load(work->Mean + lane), Vector512.Load(work->Offset + lane));
            var (plain, weighted) = (Vector512<float>.Zero, Vector512<float>.Zero);
            var (at, step, rows, lanes) = (column.Start, column.Step, column.Rows, column.Lanes);
            for (var r = 0; r < rows; r++, at += step)
            {
                var d = NormRow.Load<T>(x, at, lanes) - mean;
                var dz = TDerivative.Of(Vector512.FusedMultiplyAdd(scale, d, offset), NormRow.Load<T>(dy, at, lanes), p, q);
                plain += dz;
                weighted = Vector512.FusedMultiplyAdd(dz, d, weighted);
            }

            plain.Store(work->SumsOf(0, c));
            weighted.Store(work->SumsOf(0, c) + Lanes);
        }
    }

    /// <summary>dγ and dβ, and dx = first·dz + second·x + third.</summary>
    private void Join(NormWork* work, float* gamma, float* mean, float* variance, float* dgamma, float* dbeta)
    {
        var (channelOf, channels, n) = (columns.ChannelOf, columns.Channels, (double)columns.Population);
        _sums.Totals(work->Sums, perRow: false).CopyTo(_plain);
        var weighted = _sums.Totals(work->Sums + Lanes, perRow: false);
        for (var k = 0; k < channels; k++) (dbeta[k], dgamma[k]) = ((float)_plain[k], (float)(weighted[k] / Math.Sqrt(variance[k] + epsilon)));
        for (var lane = 0; lane < channelOf.Length; lane++)
        {
            var k = channelOf[lane];
            work->First[lane] = work->Second[lane] = work->Third[lane] = 0;
            if (k >= channels) continue;
            var r = 1 / Math.Sqrt(variance[k] + epsilon);
            var first = gamma[k] * r;
            var second = -first * r * r * weighted[k] / n;
            (work->First[lane], work->Second[lane]) = ((float)first, (float)second);
            work->Third[lane] = (float)((-first * _plain[k] / n) - (second * mean[k]));
        }
    }

    /// <summary>Backwards, through what the first pass has left in the caches; lanes that a column lacks have no channel, or a dy of zero.</summary>
    private static void Apply(int part, int parts, nint address)
    {
        var work = (NormWork*)address;
        var (x, dy, dx) = ((nint)work->X[0], (nint)work->Z[0], (nint)work->Dx[0]);
        var (p, q) = (Vector512.Create(work->P), Vector512.Create(work->Q));
        for (var c = (int)((long)work->Count * (part + 1) / parts) - 1; c >= (int)((long)work->Count * part / parts); c--)
        {
            ref var column = ref work->Columns[c];
            var lane = column.Group * Lanes;
            var (scale, mean, offset) = (Vector512.Load(work->Scale + lane), Vector512.Load(work->Mean + lane), Vector512.Load(work->Offset + lane));
            var (first, second, third) = (Vector512.Load(work->First + lane), Vector512.Load(work->Second + lane), Vector512.Load(work->Third + lane));
            var (at, step, rows, lanes) = (column.Start, column.Step, column.Rows, column.Lanes);
            for (var r = 0; r < rows; r++, at += step)
            {
                var v = NormRow.Load<T>(x, at, lanes);
                var dz = TDerivative.Of(Vector512.FusedMultiplyAdd(scale, v - mean, offset), NormRow.Load<T>(dy, at, lanes), p, q);
                NormRow.Store<T>(dx, at, lanes, Vector512.FusedMultiplyAdd(first, dz, Vector512.FusedMultiplyAdd(second, v, third)));
            }
        }
    }
}
