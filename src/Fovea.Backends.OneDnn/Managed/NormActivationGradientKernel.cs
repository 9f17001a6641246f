using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed.Maps;
using Fovea.Backends.OneDnn.Planning;

namespace Fovea.Backends.OneDnn.Managed;

/// <summary>The gradient of a norm that a function follows: reads x, γ, β, mean, variance, dy; writes dx, dγ, dβ.</summary>
/// <remarks>
/// As <see cref="NormSumGradientKernel{T}"/>, with dz = dy·f′(z) and z = γ·(x − μ)/√(σ² + ε) + β computed anew in both passes. dx may take the
/// place of x or of dy.
/// </remarks>
internal sealed unsafe class NormActivationGradientKernel<T>(double epsilon, BlockFunction derivative, ChannelColumns columns) : Kernel
    where T : INumbers
{
    private const int Lanes = ChannelColumns.Lanes;

    private readonly LaneSums _sums = new(columns);
    private readonly double[] _plain = new double[columns.Channels];
    private NormWork _work = NormWork.Allocate(columns, branches: 1, terms: 0);

    internal override string Name => "fovea:norm_activation";

    internal override void Run(ReadOnlySpan<nint> at)
    {
        (_work.Z[0], _work.Function) = (at[5], derivative);
        (_work.X[0], _work.Dx[0]) = (at[0], at[6]);
        fixed (NormWork* work = &_work)
        {
            var parts = Chunks.Parts((long)columns.Rows * Lanes);
            Spread(work, (float*)at[1], (float*)at[2], (float*)at[3], (float*)at[4]);
            GompTeam.Run(parts, &Sum, (nint)work);
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
        for (var lane = 0; lane < work->Groups * Lanes; lane++)
        {
            var k = (lane / Lanes * columns.Period) + (lane % columns.Period);
            var isChannel = k < columns.Channels;
            work->Scale[lane] = isChannel ? (float)(gamma[k] / Math.Sqrt(variance[k] + epsilon)) : 0;
            work->Mean[lane] = isChannel ? mean[k] : 0;
            work->Offset[lane] = isChannel ? beta[k] : 0;
        }
    }

    [SkipLocalsInit]
    private static void Sum(int part, int parts, nint address)
    {
        var work = (NormWork*)address;
        var z = stackalloc float[2 * NormRows.Most * Lanes];
        var dz = z + (NormRows.Most * Lanes);
        for (var c = (int)((long)work->Count * part / parts); c < (int)((long)work->Count * (part + 1) / parts); c++)
        {
            ref var column = ref work->Columns[c];
            var mean = Vector512.Load(work->Mean + (column.Group * Lanes));
            var (plain, weighted) = (Vector512<float>.Zero, Vector512<float>.Zero);
            for (var row = 0; row < column.Rows; row += NormRows.Most)
            {
                var rows = Math.Min(NormRows.Most, column.Rows - row);
                Gradient(work, column, row, rows, z, dz);
                NormRows.Load<T>((nint)work->X[0], column, row, rows, z);
                for (var r = 0; r < rows; r++)
                {
                    var d = Vector512.Load(dz + (r * Lanes));
                    plain += d;
                    weighted = Vector512.FusedMultiplyAdd(d, Vector512.Load(z + (r * Lanes)) - mean, weighted);
                }
            }

            plain.Store(work->SumsOf(0, c));
            weighted.Store(work->SumsOf(0, c) + Lanes);
        }
    }

    /// <summary>dγ and dβ, and dx = first·dz + second·x + third.</summary>
    private void Join(NormWork* work, float* gamma, float* mean, float* variance, float* dgamma, float* dbeta)
    {
        var (period, channels, n) = (columns.Period, columns.Channels, (double)columns.Population);
        _sums.Totals(work->Sums, perRow: false).CopyTo(_plain);
        var weighted = _sums.Totals(work->Sums + Lanes, perRow: false);
        for (var k = 0; k < channels; k++) (dbeta[k], dgamma[k]) = ((float)_plain[k], (float)(weighted[k] / Math.Sqrt(variance[k] + epsilon)));
        for (var lane = 0; lane < work->Groups * Lanes; lane++)
        {
            var k = (lane / Lanes * period) + (lane % period);
            work->First[lane] = work->Second[lane] = work->Third[lane] = 0;
            if (k >= channels) continue;
            var r = 1 / Math.Sqrt(variance[k] + epsilon);
            var first = gamma[k] * r;
            var second = -first * r * r * weighted[k] / n;
            (work->First[lane], work->Second[lane]) = ((float)first, (float)second);
            work->Third[lane] = (float)((-first * _plain[k] / n) - (second * mean[k]));
        }
    }

    [SkipLocalsInit]
    private static void Apply(int part, int parts, nint address)
    {
        var work = (NormWork*)address;
        var x = stackalloc float[2 * NormRows.Most * Lanes];
        var dz = x + (NormRows.Most * Lanes);
        for (var c = (int)((long)work->Count * part / parts); c < (int)((long)work->Count * (part + 1) / parts); c++)
        {
            ref var column = ref work->Columns[c];
            var lane = column.Group * Lanes;
            var (first, second, third) = (Vector512.Load(work->First + lane), Vector512.Load(work->Second + lane), Vector512.Load(work->Third + lane));
            for (var row = 0; row < column.Rows; row += NormRows.Most)
            {
                var rows = Math.Min(NormRows.Most, column.Rows - row);
                Gradient(work, column, row, rows, x, dz);
                NormRows.Load<T>((nint)work->X[0], column, row, rows, x);
                for (var r = 0; r < rows; r++)
                {
                    var d = Vector512.Load(dz + (r * Lanes));
                    Vector512.FusedMultiplyAdd(first, d, Vector512.FusedMultiplyAdd(second, Vector512.Load(x + (r * Lanes)), third)).Store(dz + (r * Lanes));
                }

                NormRows.Store<T>((nint)work->Dx[0], column, row, rows, dz);
            }
        }
    }

    /// <summary>dz of some rows; z is overwritten.</summary>
    private static void Gradient(NormWork* work, in ChannelColumn column, int row, int rows, float* z, float* dz)
    {
        NormRows.Normalise<T>((nint)work->X[0], column, row, rows, z, work->Scale, work->Mean, work->Offset);
        NormRows.Load<T>((nint)work->Z[0], column, row, rows, dz);
        work->Function.Run(z, dz, dz, rows * Lanes);
    }
}
