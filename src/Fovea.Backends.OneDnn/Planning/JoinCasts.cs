using Fovea.Backends.OneDnn.Managed;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Planning;

/// <summary>Joins conversions between float32 and bfloat16 with the steps beside them, once all steps of a plan are known.</summary>
/// <remarks>
/// Where the library computes in float32 what the plan keeps in bfloat16, casts stand around its steps. A kernel of our own that reads what a cast has
/// made reads the operand of the cast and rounds it, and leaves the copy in bfloat16 that others read; one whose result is cast writes it in float32,
/// in bfloat16 or in both. A cast and one back are one rounding. Numbers are rounded where they were, so that results are the same bit for bit, and a
/// copy in float32 lives longer than before only where less is alive than at the fullest step.
/// </remarks>
internal sealed class JoinCasts
{
    private const string Reorder = "reorder";

    /// <summary>How many steps apart a result and its cast may be.</summary>
    private const int Close = 32;

    private readonly PlanBuilder _plan;
    private readonly Step?[] _steps;
    private readonly StepTable _table;
    private readonly Dictionary<int, MixedStep> _mixed = [];

    private JoinCasts(PlanBuilder plan) => (_plan, _steps, _table) = (plan, [.. plan.Main], new StepTable(plan.Main));

    /// <summary>Does nothing to a plan without steps that compute in float32 what the graph has in bfloat16.</summary>
    internal static void Apply(PlanBuilder plan)
    {
        if (plan.Main.Exists(step => step.IsWidened)) new JoinCasts(plan).Run();
    }

    private void Run()
    {
        for (var i = 0; i < _steps.Length; i++)
        {
            if (!IsCast(i)) continue;
            var (from, to) = (_steps[i]!.Reads[0], _steps[i]!.Writes[0]);
            if (to.Desc.DType == DType.BFloat16) JoinNarrowing(i, from, to);
            else JoinWidening(i, from, to);
        }

        foreach (var (i, mixed) in _mixed) Put(i, mixed.Build());
        _plan.Main.Clear();
        _plan.Main.AddRange(_steps.OfType<Step>());
    }

    /// <summary>A cast to bfloat16: its first reader takes the operand itself.</summary>
    private void JoinNarrowing(int cast, Buffer wide, Buffer narrow)
    {
        if (!IsWhole(narrow) || narrow.Kind != BufferKind.Arena || _table.Writer(narrow) != cast) return;
        int[] readers = [.. _table.Readers(narrow)];
        if (readers.Length == 0) return;
        var (first, isKept) = (readers[0], readers.Length > 1);
        var gone = isKept ? null : narrow;
        if (Array.TrueForAll(readers, IsReorder) && (!isKept || wide.Kind != BufferKind.Arena) && Lasts(wide, cast, readers[^1], gone))
        {
            Remove(cast);
            foreach (var reader in readers) Replace(reader, Rounding(_steps[reader]!, wide));
        }
        else if (Reads(first, narrow) && (!isKept || LeavesCopy(first, narrow)) && Lasts(wide, cast, first, gone))
        {
            Remove(cast);
            Join(first, narrow, wide, isKept);
        }
        else if (readers[^1] - cast <= Close && Array.TrueForAll(readers, reader => Reads(reader, narrow)) && Lasts(wide, cast, readers[^1], narrow))
        {
            Remove(cast);
            foreach (var reader in readers) Join(reader, narrow, wide, isKept: false);
        }
        else if (IsCast(first) && Lasts(wide, cast, first, gone))
        {
            Remove(cast);
            var (node, back) = (_steps[first]!.Node, _steps[first]!.Writes[0]);
            Replace(first, new(node, Reorder, new RoundKernel(wide.Desc.PaddedElements), [wide], [back, narrow]) { InPlace = [(0, 0)] });
        }
    }

    /// <summary>A cast to float32: the kernel that computes the operand writes the result too, or alone.</summary>
    private void JoinWidening(int cast, Buffer narrow, Buffer wide)
    {
        var writer = _table.Writer(narrow);
        if (writer < 0 || cast - writer > Close || !IsWhole(narrow) || wide.Kind != BufferKind.Arena || _table.Writer(wide) != cast) return;
        if (Mixed(writer) is not { Mixed.Results: true } step || !IsWhole(step.Writes, narrow)) return;
        if (_mixed.TryGetValue(writer, out var known) && known.IsJoined(narrow)) return;
        var isKept = narrow.Kind != BufferKind.Arena || _table.Readers(narrow).Count > 1;
        if (!_table.Fits(wide, writer, cast, isKept ? null : narrow)) return;
        Remove(cast);
        Join(writer, narrow, wide, isKept);
    }

    /// <summary>Whether a buffer keeps its content from one step to another, without more being alive between them than at the fullest step.</summary>
    private bool Lasts(Buffer buffer, int from, int to, Buffer? instead) => !_table.IsWritten(buffer, from, to) && _table.Fits(buffer, from, to, instead);

    /// <summary>The step of a number, where it takes operands in float32 too.</summary>
    private KernelStep? Mixed(int step) => _steps[step] is KernelStep { Mixed: not null } mixed ? mixed : null;

    /// <summary>Whether a step that takes operands in float32 too reads the whole of a buffer.</summary>
    private bool Reads(int step, Buffer narrow) => Mixed(step) is { } mixed && IsWhole(mixed.Reads, narrow);

    /// <summary>Whether it can leave the copy in bfloat16 as well.</summary>
    private bool LeavesCopy(int step, Buffer narrow) =>
        Mixed(step) is { } mixed && mixed.Reads.Index().All(read => read.Item.Root != narrow.Root || mixed.Mixed!.LoadsAll(read.Index));

    private void Join(int step, Buffer narrow, Buffer wide, bool isKept)
    {
        if (!_mixed.TryGetValue(step, out var mixed)) _mixed[step] = mixed = new MixedStep(Mixed(step)!);
        mixed.Join(narrow, wide, isKept);
        _table.Change(step, mixed.Reads, mixed.Writes);
    }

    /// <summary>Whether a step copies the whole of a buffer, in layouts that kernels of our own copy.</summary>
    private bool IsReorder(int step) =>
        _steps[step] is { What: Reorder, Reads: [{ Desc.IsBlocked: true } from], Writes: [{ Desc.IsBlocked: true } to] }
        && IsWhole(from) && to.Desc.DType.IsFloat;

    /// <summary>Whether it does so in the order of memory, from float32 to bfloat16 or back.</summary>
    private bool IsCast(int step) =>
        IsReorder(step) && _steps[step] is { Reads: [{ Desc: var from }], Writes: [{ Desc: var to }] } && from.DType.IsFloat && to.DType.IsFloat
        && from.DType != to.DType && from.Layout is { IsDense: true, Offset: 0 } && from.WithDType(to.DType) == to;

    /// <summary>The same reorder of the operand of the cast before it, rounded.</summary>
    private KernelStep Rounding(Step reorder, Buffer wide)
    {
        var (from, to) = (_plan.View(wide, reorder.Reads[0].Desc.WithDType(DType.Float32)), reorder.Writes[0]);
        if (from.Desc == to.Desc) return new(reorder.Node, Reorder, new RoundKernel(to.Desc.PaddedElements), [from], [to]) { InPlace = [(0, 0)] };
        var box = Box.Whole(from.Desc.Dims);
        return new(reorder.Node, Reorder, new BoxCopy(from.Desc, to.Desc, box, box, clears: true, rounds: to.Desc.DType == DType.Float32), [from], [to]);
    }

    private void Replace(int step, KernelStep by)
    {
        Put(step, by);
        _table.Change(step, by.Reads, by.Writes);
    }

    private void Remove(int step)
    {
        Put(step, null);
        _table.Change(step, [], []);
    }

    private void Put(int step, Step? by)
    {
        _steps[step]!.Dispose();
        _steps[step] = by;
    }

    private static bool IsWhole(Buffer buffer) => buffer.ByteOffset == buffer.Root.ByteOffset && buffer.Bytes == buffer.Root.Bytes;

    /// <summary>Whether all that a step has of a buffer's memory is the whole of it.</summary>
    private static bool IsWhole(IReadOnlyList<Buffer> of, Buffer buffer) => of.Where(other => other.Root == buffer.Root).All(IsWhole);
}
