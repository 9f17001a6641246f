using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed.Common;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Planning;

/// <summary>Collects the steps of a plan while the kernels lower their nodes: where each value lives, and what is done to it.</summary>
/// <remarks>
/// A value is given its place once, by <see cref="Define"/> in memory of its own, by <see cref="Let"/> in memory that is there, or by
/// <see cref="LetConvert"/> as a conversion of another. Whoever reads it says in which layout and element type, and gets a copy where nothing there has it.
/// </remarks>
internal sealed partial class PlanBuilder
{
    private readonly Dictionary<Value, Place> _places = [];
    private readonly VariableStore _variables;
    private readonly IReadOnlySet<Op> _widened;

    internal PlanBuilder(DnnlApi api, Graph graph, VariableStore variables, IReadOnlySet<Op> widened)
    {
        (Api, Graph, _variables, _widened) = (api, graph, variables, widened);
        (Uses, Layouts, IsTraining) = (new ValueUses(graph), new Layouts(api), graph.Updates.Count > 0);
    }

    internal DnnlApi Api { get; }

    internal Graph Graph { get; }

    /// <summary>Whether a run changes variables.</summary>
    internal bool IsTraining { get; }

    internal ValueUses Uses { get; }

    internal Layouts Layouts { get; }

    internal Workspaces Workspaces { get; } = new();

    internal ForwardHints Hints { get; } = new();

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

    /// <summary>Gives a value memory of its own.</summary>
    internal Buffer Define(Value value, MemoryDesc desc, bool isConstant = false)
    {
        Layouts.Note(desc);
        return Let(value, isConstant ? NewKept(desc, isConstant: true) : New(desc));
    }

    /// <summary>Says that a value lives in memory that is there, as the buffer shows it.</summary>
    internal Buffer Let(Value value, Buffer memory)
    {
        if (_places.TryGetValue(value, out var place))
        {
            place.Memory?.Root.Tenants.Remove(value);
            place.Move(memory);
        }
        else _places[value] = new Place(memory);

        memory.Root.Tenants.Add(value);
        return memory;
    }

    /// <summary>Says that a value is another in a different element type; the conversion joins the copy that a reader wants.</summary>
    internal void LetConvert(Value value, Value source)
    {
        // A conversion of a conversion is computed at once: whoever reads the last of a chain would go back through all of it.
        if (_places.TryGetValue(source, out var place) && place.Memory is null) Let(source, Of(source));
        _places[value] = new Place(source);
    }

    /// <summary>The buffer of a variable; one that the session does not know yet gets the layout <paramref name="like"/>, or a plain one.</summary>
    internal Buffer VariableLike(Value value, MemoryDesc? like)
    {
        if (_places.TryGetValue(value, out var place)) return place.Memory!;
        var (variable, plain) = (value.Variable!, Layouts.Plain(value.Type));
        return Let(value, variable.Kind == VariableKind.Input
            ? NewKept(plain, isConstant: false)
            : Register(new Buffer(Buffers.Count, _variables.GetOrAdd(variable, like ?? plain), isConstant: !Uses.IsUpdated(value))));
    }

    /// <summary>A buffer that holds a value and may be written over by a node: the value's own if nothing else reads that, else a copy.</summary>
    internal Buffer Consumed(Value value, MemoryDesc desc, Node by)
    {
        var held = As(value, desc);
        var tenants = held.Root.Tenants;
        if (held.Kind == BufferKind.Arena && by.Inputs.Count(tenants.Contains) == 1 && tenants.All(tenant => Uses.EndsAt(tenant, by))) return held;
        var copy = New(desc);
        Layouts.Note(desc);
        EmitReorder(by, held, copy);
        return copy;
    }

    /// <summary>
    /// Where a node computes the next value of a variable: the variable itself, if nothing reads the old value later, or new memory of its layout.
    /// </summary>
    internal Buffer Next(Value next, Value variable, Node by)
    {
        var home = Of(variable);
        return Uses.IsUpdate(variable, next) && home.Root.Tenants.All(tenant => Uses.EndsAt(tenant, by)) ? home : New(home.Desc);
    }

    /// <summary>
    /// Memory for a result that a transpose alone reads, such that the transposed value is row-major; null where no transpose is the reader.
    /// </summary>
    internal Buffer? ForTranspose(Value value)
    {
        if (Uses.OnlyReader(value)?.Op is not Transpose turn) return null;
        var order = turn.Order.ToArray();
        var turned = new Shape([.. order.Select(axis => value.Shape[axis])]);
        var (own, strides) = (turned.RowMajorStrides(), new long[order.Length]);
        for (var axis = 0; axis < order.Length; axis++) strides[order[axis]] = own[axis];
        return View(New(Api.Plain(value.Type.DType, turned)), Api.Strided(value.Type.DType, value.Shape, strides));
    }

    internal Buffer New(MemoryDesc desc) => Register(new Buffer(Buffers.Count, BufferKind.Arena, desc, isConstant: false));

    internal Buffer NewKept(MemoryDesc desc, bool isConstant) => Register(new Buffer(Buffers.Count, BufferKind.Kept, desc, isConstant));

    /// <summary>Memory like that of a buffer: for a copy of what changes only when variables are written from outside, memory that is kept.</summary>
    internal Buffer NewLike(Buffer of, MemoryDesc desc) => of.IsConstant ? NewKept(desc, isConstant: true) : New(desc);

    /// <summary>The memory of a buffer seen under another descriptor, which begins some elements after it.</summary>
    internal Buffer View(Buffer of, MemoryDesc desc, long offset = 0) =>
        offset == 0 && desc == of.Desc ? of : Register(new Buffer(Buffers.Count, of, desc, offset * desc.DType.Size));

    internal void Emit(
        Node? node, string what, PrimitiveDesc desc, (int Arg, Buffer Buffer)[] reads, (int Arg, Buffer Buffer)[] writes, (int, int)[]? inPlace = null) =>
        Append(new PrimitiveStep(node, what, desc, reads, writes) { InPlace = inPlace ?? [] });

    internal void Emit(Node? node, Kernel kernel, Buffer[] reads, Buffer[] writes, (int, int)[]? inPlace = null, MixedForm? mixed = null) =>
        Append(new KernelStep(node, node?.Op.Name ?? kernel.Name, kernel, reads, writes) { InPlace = inPlace ?? [], Mixed = mixed });

    private Buffer Register(Buffer buffer)
    {
        // Kernels count elements in 32 bits with sign, and the bytes of a run of them without.
        if (buffer.Desc.PaddedElements > int.MaxValue || buffer.Bytes > uint.MaxValue)
            throw new GraphException(
                $"the graph '{Graph.Name}' has a value {buffer.Desc}, {buffer.Bytes} bytes; a plan holds at most 2 Gi elements and 4 GiB in one");
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
