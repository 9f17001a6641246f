using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed.Common;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Planning;

/// <summary>Collects the steps of a plan while the kernels lower their nodes: which buffer holds a value, in which layouts it exists.</summary>
internal sealed partial class PlanBuilder
{
    private readonly Dictionary<Value, Buffer> _home = [];
    private readonly Dictionary<Value, List<Buffer>> _copies = [];
    private readonly Dictionary<Value, Value> _casts = [];
    private readonly Dictionary<(Value X, Op Op), Buffer> _workspaces = [];
    private readonly Dictionary<(Op Op, Shape X, Shape W, DType Type), PrimitiveDesc> _hints = [];
    private readonly Dictionary<Value, Buffer> _masks = [];
    private readonly Dictionary<Shape, MemoryDesc> _usual = [];
    private readonly HashSet<Value> _updated;
    private readonly HashSet<Value> _ends;
    private readonly Dictionary<Value, int> _lastUse = [];

    private readonly VariableStore _variables;
    private readonly IReadOnlySet<Op> _widened;

    internal PlanBuilder(DnnlApi api, Graph graph, VariableStore variables, IReadOnlySet<Op> widened)
    {
        (Api, Graph, _variables, _widened) = (api, graph, variables, widened);
        _updated = [.. graph.Updates.Select(update => update.Variable)];
        _ends = [.. graph.Outputs.Select(output => output.Value), .. graph.Updates.Select(update => update.Next)];
        IsTraining = graph.Updates.Count > 0;
        foreach (var node in graph.Nodes)
            foreach (var input in node.Inputs) (_lastUse[input], _readers[input]) = (node.Index, node);
    }

    internal DnnlApi Api { get; }

    internal Graph Graph { get; }

    /// <summary>Whether a run changes variables.</summary>
    internal bool IsTraining { get; }

    internal List<Buffer> Buffers { get; } = [];

    /// <summary>Steps that run once after variables were written from outside.</summary>
    internal List<Step> Prologue { get; } = [];

    /// <summary>Steps of every run.</summary>
    internal List<Step> Main { get; } = [];

    /// <summary>The buffers of the graph's outputs.</summary>
    internal Dictionary<string, Buffer> Outputs { get; } = new(StringComparer.Ordinal);

    /// <summary>What constants hold; copied to their buffers when the plan is placed.</summary>
    internal List<(Buffer Buffer, HostTensor Content)> Constants { get; } = [];

    /// <summary>The layouts in which parameters that the session does not know yet are best kept.</summary>
    internal Dictionary<Value, MemoryDesc> Preferred { get; } = [];

    /// <summary>The buffer that holds a value in the layout it was computed in.</summary>
    internal Buffer Of(Value value)
    {
        if (_home.TryGetValue(value, out var buffer)) return buffer;
        if (_seen.TryGetValue(value, out var view)) return Copied(value, view);
        if (_casts.TryGetValue(value, out var source)) return As(value, Of(source).Desc.WithDType(value.Type.DType));
        if (value.Variable is not null) return VariableLike(value, Preferred.GetValueOrDefault(value));
        throw new InvalidOperationException($"{value.Node}: %{value.Id} has no buffer yet");
    }

    /// <summary>The layout that <see cref="Of"/> would have; a conversion is not brought about for it.</summary>
    internal MemoryDesc LayoutOf(Value value) => !_home.ContainsKey(value) && _casts.TryGetValue(value, out var source)
        ? LayoutOf(source).WithDType(value.Type.DType)
        : Of(value).Desc;

    /// <summary>The buffer of a variable; one that the session does not know yet gets the layout <paramref name="like"/>, or a plain one.</summary>
    internal Buffer VariableLike(Value value, MemoryDesc? like)
    {
        if (_home.TryGetValue(value, out var buffer)) return buffer;
        var variable = value.Variable!;
        var plain = Api.Plain(value.Type.DType, Logical(value.Shape));
        buffer = variable.Kind == VariableKind.Input
            ? NewKept(plain, isConstant: false)
            : Register(new Buffer(Buffers.Count, _variables.GetOrAdd(variable, like ?? plain), isConstant: !_updated.Contains(value)));
        return _home[value] = buffer;
    }

    /// <summary>A buffer that holds a value in the given layout and element type; a reorder is added where no copy has it.</summary>
    internal Buffer As(Value value, MemoryDesc desc)
    {
        if (_casts.TryGetValue(value, out var source) && !_home.ContainsKey(value)) return Realise(value, Narrowest(value, source), desc);
        if (!_home.ContainsKey(value) && _seen.TryGetValue(value, out var view) && view.Desc.Dims == desc.Dims) return Realise(value, view, desc);
        var home = Of(value);
        return IsSame(home, desc) ? Seen(home, desc) : Realise(value, home, desc);
    }

    /// <summary>A buffer that holds a value dense and row-major, in its logical shape.</summary>
    internal Buffer Plain(Value value) => As(value, Api.Plain(value.Type.DType, Logical(value.Shape)));

    /// <summary>A buffer that holds a value row-major without gaps: a view where only the names of axes differ from its own layout.</summary>
    internal Buffer DensePlain(Value value)
    {
        var home = Of(value);
        var plain = Api.Plain(value.Type.DType, Logical(value.Shape));
        return home.Desc != plain && home.Desc.Dims == plain.Dims && IsRowMajor(home.Desc) ? View(home, plain) : As(value, plain);
    }

    /// <summary>A value as a buffer whose descriptor has the given shape.</summary>
    internal Buffer Reshaped(Value value, Shape dims)
    {
        var home = Of(value);
        return home.Desc.Dims == dims ? home : Reshaped(value, home, dims);
    }

    /// <summary>A value of fewer axes, with leading axes of extent 1 up to <paramref name="rank"/>.</summary>
    internal Buffer Aligned(Value value, int rank)
    {
        var plain = DensePlain(value);
        var extents = Enumerable.Repeat(1, rank - plain.Desc.Dims.Rank).Concat(plain.Desc.Dims.ToArray()).ToArray();
        return extents.Length == plain.Desc.Dims.Rank ? plain : View(plain, Api.Plain(value.Type.DType, new Shape(extents)));
    }

    /// <summary>The layout that a tensor of another shape has when it is laid out as <paramref name="like"/>: blocked, channels last or plain.</summary>
    internal MemoryDesc LayoutLike(MemoryDesc like, TensorType type)
    {
        if (like.IsPlain || like.Dims.Rank != 4 || type.Shape.Rank != 4) return Api.Plain(type.DType, Logical(type.Shape));
        if (like.IsChannelsLast) return Api.ChannelsLast(type.DType, type.Shape);
        return like.Layout is { InnerBlocks: [var block], InnerAxes: [1] }
            ? Api.ChannelBlocks(type.DType, type.Shape, block)
            : Api.Plain(type.DType, type.Shape);
    }

    /// <summary>The layout for the gradient of a pooled image: that of the image itself where this plan has it.</summary>
    internal MemoryDesc PooledLayout(Shape x, Value dy)
    {
        foreach (var node in Graph.Nodes)
            if (node.Op is AvgPool or MaxPool && node.Inputs[0].Shape == x && node.Result.Shape == dy.Shape && IsPlaced(node.Inputs[0]))
                return LayoutOf(node.Inputs[0]).WithDType(dy.Type.DType);
        return LayoutLike(LayoutOf(dy), new TensorType(dy.Type.DType, x));
    }

    /// <summary>The layout in which this plan has had an image of this shape before; plain where there was none.</summary>
    internal MemoryDesc UsualLayout(TensorType type) =>
        _usual.TryGetValue(type.Shape, out var usual) ? LayoutLike(usual, type) : Api.Plain(type.DType, Logical(type.Shape));

    /// <summary>Whether a value has a buffer already.</summary>
    internal bool IsPlaced(Value value) => _home.ContainsKey(value) || _seen.ContainsKey(value) || _casts.ContainsKey(value);

    /// <summary>Makes the buffer that a node writes a result to.</summary>
    internal Buffer Define(Value value, MemoryDesc desc, bool isConstant = false)
    {
        var buffer = isConstant ? NewKept(desc, isConstant: true) : New(desc);
        if (!desc.IsPlain && Managed.Maps.MapGrid.Fits(desc)) _usual[desc.Dims] = desc;
        _home[value] = buffer;
        return buffer;
    }

    /// <summary>Says that a value lives in an existing buffer, seen under another descriptor.</summary>
    internal void DefineView(Value value, Buffer of, MemoryDesc desc)
    {
        of.Root.IsShared = true;
        _home[value] = desc == of.Desc ? of : View(of, desc);
    }

    /// <summary>
    /// Makes the buffer of a result that is added to what it holds: that of <paramref name="addend"/> if nothing reads it later, else a copy.
    /// </summary>
    internal Buffer DefineOver(Value value, Value addend, MemoryDesc desc, Node node)
    {
        var held = As(addend, desc);
        var readOnce = node.Inputs.Count(input => input == addend) == 1;
        if (held is { Kind: BufferKind.Arena, Root.IsShared: false } && readOnce && _lastUse[addend] == node.Index && !IsOutput(addend)) return _home[value] = held;
        var copy = Define(value, desc);
        EmitReorder(node, held, copy);
        return copy;
    }

    /// <summary>Says that a value is another in a different element type; the conversion joins the next reorder.</summary>
    internal void DefineCast(Value value, Value of)
    {
        // A cast of a cast is computed at once: whoever reads the last of a chain would go back through all of it.
        if (_casts.ContainsKey(of) && !_home.ContainsKey(of)) _home[of] = Of(of);
        _casts[value] = of;
    }

    /// <summary>Where an updated variable's next value is computed: the variable itself if nothing reads the old one later, otherwise a new buffer.</summary>
    internal Buffer DefineNext(Value next, Value variable, int byNode)
    {
        var home = Of(variable);
        var inPlace = _updated.Contains(variable) && _lastUse.GetValueOrDefault(variable, -1) <= byNode
            && Graph.Updates.Any(update => update.Variable == variable && update.Next == next);
        if (!inPlace) return Define(next, home.Desc);
        return _home[next] = home;
    }

    internal Buffer New(MemoryDesc desc) => Register(new Buffer(Buffers.Count, BufferKind.Arena, desc, isConstant: false));

    internal Buffer NewKept(MemoryDesc desc, bool isConstant) => Register(new Buffer(Buffers.Count, BufferKind.Kept, desc, isConstant));

    /// <summary>The memory of a buffer seen under another descriptor.</summary>
    internal Buffer View(Buffer of, MemoryDesc desc)
    {
        of.Root.IsShared = true;
        return Register(new Buffer(Buffers.Count, of, desc));
    }

    /// <summary>A buffer under another name of its layout; the value that lives in it is the same.</summary>
    internal Buffer Seen(Buffer of, MemoryDesc desc) => of.Desc == desc ? of : Register(new Buffer(Buffers.Count, of, desc));

    /// <summary>The workspace that a forward step left for its gradient.</summary>
    internal Buffer? Workspace(Value x, Op op) => _workspaces.GetValueOrDefault((Origin(x), op));

    /// <summary>A workspace of our own kernels, found by the result that it belongs to.</summary>
    internal Buffer NewWorkspace(Value result, long bytes) =>
        _masks[result] = New(Api.Plain(DType.UInt8, new Shape(checked((int)bytes))));

    internal Buffer Workspace(Value result) =>
        _masks.TryGetValue(result, out var mask) ? mask : throw new InvalidOperationException($"{result.Node} left no mask");

    internal void KeepWorkspace(Value x, Op op, Buffer workspace) => _workspaces[(Origin(x), op)] = workspace;

    /// <summary>A forward descriptor that gradients take as a hint; made once.</summary>
    internal PrimitiveDesc Hint(Op op, Shape x, Shape w, DType type, Func<PrimitiveDesc> make)
    {
        if (!_hints.TryGetValue((op, x, w, type), out var hint)) _hints[(op, x, w, type)] = hint = make();
        return hint;
    }

    internal void Emit(
        Node? node, string what, PrimitiveDesc desc, (int Arg, Buffer Buffer)[] reads, (int Arg, Buffer Buffer)[] writes, (int, int)[]? inPlace = null) =>
        Append(new PrimitiveStep(node, what, desc, reads, writes) { InPlace = inPlace ?? [] });

    internal void Emit(Node? node, Kernel kernel, Buffer[] reads, Buffer[] writes, (int, int)[]? inPlace = null) =>
        Append(new KernelStep(node, node?.Op.Name ?? kernel.Name, kernel, reads, writes) { InPlace = inPlace ?? [] });

    internal void ReleaseHints()
    {
        foreach (var hint in _hints.Values) hint.Dispose();
        _hints.Clear();
    }

    /// <summary>The shape that a descriptor has for a logical one: oneDNN has no tensors without axes.</summary>
    internal static Shape Logical(Shape shape) => shape.Rank == 0 ? new Shape(1) : shape;

    /// <summary>What a value is cast from: each reader may have a conversion of its own.</summary>
    private static Value Origin(Value value) => value.Op is Cast ? Origin(value.Node.Inputs[0]) : value;

    /// <summary>What a cast value is made from: a copy in another layout where it is narrower than the source, which then need not live on.</summary>
    private Buffer Narrowest(Value value, Value source) =>
        value.Type.DType.Size < source.Type.DType.Size && _copies.TryGetValue(value, out var copies) ? copies[0] : Of(source);

    private bool IsOutput(Value value) => _ends.Contains(value);

    /// <summary>Whether a buffer has a layout already, under the same or another name.</summary>
    private static bool IsSame(Buffer buffer, MemoryDesc desc) => buffer.Desc == desc || buffer.Desc.IsSameMemory(desc);

    private Buffer Realise(Value value, Buffer from, MemoryDesc desc)
    {
        if (!_copies.TryGetValue(value, out var copies)) _copies[value] = copies = [];
        var known = copies.Find(copy => IsSame(copy, desc));
        if (known is not null) return Seen(known, desc);
        if (from.Desc.Dims != desc.Dims) from = Reshaped(value, from, desc.Dims);
        if (from.Desc == desc) return from;
        var copy = from.IsConstant ? NewKept(desc, isConstant: true) : New(desc);
        copies.Add(copy);
        EmitReorder(value.Node, from, copy);
        return copy;
    }

    /// <summary>Whether the elements lie in row-major order, as they do in channel blocks over a single pixel.</summary>
    private static bool IsRowMajor(MemoryDesc desc) =>
        desc.IsPlain || (desc.IsBlocked && desc.Dims.Rank == 4 && desc.Dims.H * desc.Dims.W == 1 && desc.Layout.IsDense
            && desc.PaddedElements == desc.Dims.Elements);

    private Buffer Reshaped(Value value, Buffer from, Shape dims)
    {
        if (from.Desc.Reshape(dims) is { } seen) return View(from, seen);
        var plain = Realise(value, from, Api.Plain(from.Desc.DType, from.Desc.Dims));
        return View(plain, plain.Desc.Reshape(dims) ?? throw new InvalidOperationException($"{plain.Desc} does not reshape to {dims}"));
    }

    private Buffer Register(Buffer buffer)
    {
        // Kernels count elements in 32 bits with sign, and the bytes of a run of them without.
        if (buffer.Desc.PaddedElements > int.MaxValue || buffer.Bytes > uint.MaxValue)
            throw new GraphException($"the graph '{Graph.Name}' has a value {buffer.Desc}, {buffer.Bytes} bytes; a plan holds at most 2 Gi elements and 4 GiB in one");
        Buffers.Add(buffer);
        return buffer;
    }

    private void Append(Step step)
    {
        var constant = step.Writes.All(write => write.IsConstant && write.Kind == BufferKind.Kept) && step.Reads.All(read => read.IsConstant);
        step.IsWidened = step.Node is { } node && step.What == node.Op.Name && _widened.Contains(node.Op);
        (constant ? Prologue : Main).Add(step);
    }
}
