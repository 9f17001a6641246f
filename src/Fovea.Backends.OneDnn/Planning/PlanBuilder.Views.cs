using Fovea.Backends.OneDnn.Interop;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Planning;

/// <summary>Values that are other values seen with strides: transposed, cut out, or folded anew. They are copied only for readers that need it.</summary>
internal sealed partial class PlanBuilder
{
    private const int SafeOffset = ArenaPlanner.Alignment;

    private readonly Dictionary<Value, Buffer> _seen = [];
    private readonly Dictionary<Value, Node> _readers = [];

    /// <summary>Where a value can be read with strides: the memory of another that it is a view of, or its own.</summary>
    internal Buffer Seen(Value value) => !_home.ContainsKey(value) && _seen.TryGetValue(value, out var view) ? view : Of(value);

    /// <summary>Whether a value has no blocks, so that views of it are a matter of strides.</summary>
    internal bool IsStrided(Value value) => Seen(value).Desc is { IsBlocked: true, Layout: { InnerBlocks.Length: 0, Offset: 0 } } desc
        && desc.Dims == Logical(value.Shape);

    /// <summary>Says that a value is memory of another seen under strides. What a step may change later is copied at once.</summary>
    /// <param name="value">The value.</param>
    /// <param name="of">The memory.</param>
    /// <param name="desc">How the value lies in it.</param>
    /// <param name="offset">Where it begins, in elements.</param>
    internal void DefineSeen(Value value, Buffer of, MemoryDesc desc, long offset = 0)
    {
        of.Root.IsShared = true;
        var view = Register(new Buffer(Buffers.Count, of, desc, offset * desc.DType.Size));
        if ((desc.IsPlain || desc.IsChannelsLast) && view.ByteOffset % SafeOffset == 0) _home[value] = view;
        else _seen[value] = view;
        if (of is { Root.Kind: BufferKind.Variable, IsConstant: false } && !_home.ContainsKey(value)) Of(value);
    }

    /// <summary>
    /// Makes the buffer of a result that a transpose alone reads such that the transposed value is row-major; null where no transpose is the reader.
    /// </summary>
    internal Buffer? DefineTransposed(Value value)
    {
        if (Reader(value)?.Op is not Transpose turn) return null;
        var order = turn.Order.ToArray();
        var turned = new Shape([.. order.Select(axis => value.Shape[axis])]);
        var (own, strides) = (turned.RowMajorStrides(), new long[order.Length]);
        for (var axis = 0; axis < order.Length; axis++) strides[order[axis]] = own[axis];
        var memory = New(Api.Plain(value.Type.DType, turned));
        memory.IsShared = true;
        return _seen[value] = Register(new Buffer(Buffers.Count, memory, Api.Strided(value.Type.DType, value.Shape, strides)));
    }

    /// <summary>Takes back what <see cref="DefineTransposed"/> said.</summary>
    internal void ForgetSeen(Value value) => _seen.Remove(value);

    /// <summary>The one node that reads a value, or null where several do, or an output or update does.</summary>
    internal Node? Reader(Value value) => value.UsedOnce ? _readers.GetValueOrDefault(value) : null;

    /// <summary>The strides that show a strided tensor under another shape, or null where it takes a copy.</summary>
    internal static long[]? Fold(Shape from, ReadOnlySpan<long> strides, Shape to)
    {
        var result = new long[to.Rank];
        var (i, k) = (0, 0);
        while (i < from.Rank || k < to.Rank)
        {
            var (first, start) = (i, k);
            var (own, wanted) = (i < from.Rank ? (long)from[i++] : 1, k < to.Rank ? (long)to[k++] : 1);
            while (own != wanted)
            {
                if (own < wanted && i < from.Rank) own *= from[i++];
                else if (wanted < own && k < to.Rank) wanted *= to[k++];
                else return null;
            }

            if (!IsEven(from, strides, first, i, out var step)) return null;
            for (var axis = k - 1; axis >= start; axis--)
            {
                result[axis] = step;
                step *= to[axis];
            }
        }

        return result;
    }

    /// <summary>Whether axes from first to last are one: each moves by the extent of the next times its stride. Axes of extent 1 do not matter.</summary>
    private static bool IsEven(Shape shape, ReadOnlySpan<long> strides, int first, int last, out long step)
    {
        (step, var next) = (1, -1L);
        for (var axis = last - 1; axis >= first; axis--)
        {
            if (shape[axis] == 1) continue;
            if (next < 0) step = strides[axis];
            else if (strides[axis] != next) return false;
            next = strides[axis] * shape[axis];
        }

        return true;
    }

    /// <summary>A value of its own in place of what is seen: in the same channel blocks, else row-major.</summary>
    private Buffer Copied(Value value, Buffer view)
    {
        var own = LayoutLike(view.Desc, value.Type);
        var copy = view.IsConstant ? NewKept(own, isConstant: true) : New(own);
        EmitReorder(value.Node, view, copy);
        return _home[value] = copy;
    }
}
