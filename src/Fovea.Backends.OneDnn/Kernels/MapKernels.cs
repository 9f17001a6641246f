using Fovea.Backends.OneDnn.Fusion;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed.Maps;
using Fovea.Backends.OneDnn.Planning;
using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Kernels;

/// <summary>
/// What works element by element, and its sums: one kernel of our own in the layout that most operands have, or in that of the variables it changes.
/// </summary>
internal static class MapKernels
{
    internal static void Lower(Node node, PlanBuilder plan)
    {
        var program = ((Map)node.Op).Program;
        var shape = Layouts.Logical(program.Shape);
        var main = Homes.Layout(node, plan, desc => MapGrid.Fits(desc) || IsFlat(node, desc))?.WithDType(DType.Float32) ?? Layout(node, plan, shape);
        var reads = node.Inputs.Select(input => input.Shape == program.Shape ? Whole(plan, input, main) : Operand(plan, input, main)).ToArray();
        MemoryDesc[] operands = [.. reads.Select(read => read.Desc)];
        if (program.Reduction is null) Store(node, plan, main, reads, operands);
        else Reduce(node, plan, main, reads, operands);
    }

    private static void Store(Node node, PlanBuilder plan, MemoryDesc main, Buffer[] reads, MemoryDesc[] operands)
    {
        var program = ((Map)node.Op).Program;
        MemoryDesc[] kept = [.. node.Results.Select(result => main.WithDType(result.Type.DType))];
        Buffer[] results = [.. node.Results.Select((result, i) => Homes.Next(result, node, plan, kept[i])
            ?? plan.Define(result, kept[i], isConstant: reads.All(read => read.IsConstant)))];
        var isOne = results is [{ Kind: not BufferKind.Variable }];
        int[] Overlaid(Buffer result) => [.. reads.Index().Where(read => isOne || read.Item.Root == result.Root).Select(read => read.Index)];
        int[][] overlays = [.. results.Select(Overlaid)];
        (int, int)[] inPlace = isOne ? [.. reads.Index().Where(read => read.Item.Desc == kept[0]).Select(read => (read.Index, 0))] : [];
        plan.Emit(
            node, new MapKernel(program, main, operands, kept, overlays), reads, results, inPlace,
            new(() => new MapKernel(program, main, operands, kept, overlays, isMixed: true)) { LoadsAll = i => operands[i].WithDType(main.DType) == main });
    }

    private static void Reduce(Node node, PlanBuilder plan, MemoryDesc main, Buffer[] reads, MemoryDesc[] operands)
    {
        var program = ((Map)node.Op).Program;
        MemoryDesc[] kept = [Reduced(plan, program, main)];
        plan.Emit(
            node, new MapKernel(program, main, operands, kept), reads, [Result(node, plan, kept[0], reads)], [],
            new(() => new MapKernel(program, main, operands, kept, isMixed: true))
            {
                LoadsAll = i => operands[i].WithDType(main.DType) == main,
                Results = false,
            });
    }

    /// <summary>The layout of the largest full operand that is not plain, else of what this plan has in this shape, else plain.</summary>
    private static MemoryDesc Layout(Node node, PlanBuilder plan, Shape shape)
    {
        MemoryDesc? best = null;
        foreach (var input in node.Inputs)
        {
            if (Layouts.Logical(input.Shape) != shape) continue;
            var desc = Dense(plan, plan.Seen(input).Desc, input);
            if (desc.Dims != shape || !MapGrid.Fits(desc))
            {
                if (IsFlat(node, desc)) return desc.WithDType(DType.Float32);
                continue;
            }

            if (best is null || (best.IsPlain && !desc.IsPlain)) best = desc;
        }

        return best?.WithDType(DType.Float32) ?? plan.Layouts.Usual(new TensorType(DType.Float32, shape));
    }

    /// <summary>The layout of a value; of a part of another, that of the other.</summary>
    private static MemoryDesc Dense(PlanBuilder plan, MemoryDesc seen, Value input) =>
        IsPart(seen) ? plan.Layouts.Like(seen, input.Type) : plan.LayoutOf(input);

    /// <summary>Whether a descriptor is some channel blocks of a larger image.</summary>
    private static bool IsPart(MemoryDesc desc) => MapGrid.BlockOf(desc) > 1 && desc is { Dims.Rank: 4, Layout: { InnerAxes: [1], IsDense: false, Offset: 0 } };

    /// <summary>An operand of the shape of the whole: in its layout, or a part of an image in the same channel blocks, as it lies.</summary>
    private static Buffer Whole(PlanBuilder plan, Value input, MemoryDesc main)
    {
        var seen = plan.Seen(input);
        return IsPart(seen.Desc) && MapGrid.Fits(main) && MapGrid.BlockOf(main) == MapGrid.BlockOf(seen.Desc) && seen.Desc.Dims == main.Dims
            ? seen
            : plan.As(input, main.WithDType(input.Type.DType));
    }

    /// <summary>Whether a layout of any kind will do, as that of a weight: no operand is repeated along some axes only, and padding stays zero.</summary>
    private static bool IsFlat(Node node, MemoryDesc desc)
    {
        var program = ((Map)node.Op).Program;
        return program.Reduction is null && desc.IsBlocked && desc.Layout is { IsDense: true, Offset: 0 }
            && node.Inputs.All(input => input.Shape == program.Shape || input.Shape.Elements == 1)
            && (desc.PaddedElements == desc.Dims.Elements || program.KeepsZero(i => node.Inputs[i].Shape == program.Shape));
    }

    /// <summary>
    /// A repeated operand with as many axes as the whole: in the layout of the whole where it has channels and pixels or padding, else row-major.
    /// </summary>
    private static Buffer Operand(PlanBuilder plan, Value input, MemoryDesc main)
    {
        if (main.IsPlain || main.Dims.Rank != 4) return plan.Aligned(input, main.Dims.Rank);
        var shape = new Shape([.. Enumerable.Repeat(1, 4 - input.Shape.Rank), .. input.Shape.ToArray()]);
        if (shape.C == 1 || (shape.H * shape.W == 1 && shape.C % MapGrid.BlockOf(main) == 0)) return plan.Aligned(input, 4);
        if (input.Shape.Rank == 4) return plan.As(input, plan.Layouts.Like(main, input.Type));
        var (plain, desc) = (plan.Aligned(input, 4), plan.Layouts.Like(main, input.Type with { Shape = shape }));
        var copy = plan.NewLike(plain, desc);
        plan.EmitReorder(input.Node, plain, copy);
        return copy;
    }

    /// <summary>The layout of a reduced result, with the axes of the whole.</summary>
    private static MemoryDesc Reduced(PlanBuilder plan, MapProgram program, MemoryDesc main)
    {
        var (shape, reduction) = (main.Dims, program.Reduction!);
        foreach (var axis in reduction.Axes.ToArray())
            if (axis < shape.Rank) shape = shape.With(axis, 1);
        var type = new TensorType(program.Sinks[0].Type.DType, shape);
        var blocked = reduction is { KeepDims: true, Kind: not Ops.ReduceKind.Max } && MapGrid.BlockOf(main) > 1 && shape is { Rank: 4, H: 1, W: 1 }
            && shape.C > 1;
        return blocked ? plan.Layouts.Like(main, type) : plan.Api.Plain(type.DType, shape);
    }

    /// <summary>The buffer of a reduced result, under the shape that the graph knows it by; what is computed from constants alone is a constant.</summary>
    private static Buffer Result(Node node, PlanBuilder plan, MemoryDesc kept, Buffer[] reads)
    {
        var constant = reads.All(read => read.IsConstant);
        var shape = Layouts.Logical(node.Result.Shape);
        return plan.Define(node.Result, kept.Dims == shape ? kept : plan.Api.Plain(kept.DType, shape), constant);
    }
}
