using Fovea.Formats.Onnx.Nodes;
using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Formats.Onnx.Map;

/// <summary>Images of another size.</summary>
internal static class Resizes
{
    internal static WriteRow[] Writes { get; } = [WriteRow.Of<Resize>(Write)];

    internal static ReadRow[] Reads { get; } = [new("Resize", Read, Tensors: 1), new("Upsample", ReadUpsample, Tensors: 1)];

    // The wanted sizes name images and channels too; their number is taken from the argument, so that the batch stays open.
    private static void Write(OnnxWriter to, Node node, Resize op)
    {
        var x = to.Name(node.Inputs[0]);
        var kept = to.Step("Shape", node.Result, [x], OnnxAttributes.Of("start", 0), OnnxAttributes.Of("end", 2));
        var sizes = to.Step("Concat", node.Result, [kept, to.Integers(op.Height, op.Width)], OnnxAttributes.Of("axis", 0));
        var isNearest = op.Mode == ResizeMode.Nearest;
        to.Node(
            "Resize", node.Result, [x, "", "", sizes],
            OnnxAttributes.Of("mode", isNearest ? "nearest" : "linear"), OnnxAttributes.Of("nearest_mode", "floor"),
            OnnxAttributes.Of("coordinate_transformation_mode", isNearest ? "asymmetric" : op.AlignCorners ? "align_corners" : "half_pixel"));
    }

    private static void Read(OnnxNode node)
    {
        var x = node.Value(0);
        if (x.Shape.Rank != 4) throw node.Fail($"x is {x.Type}; wanted images [N, C, H, W]");
        var sizes = node.Has(3) ? node.Integers(3) : Scaled(node, x, node.Numbers(2));
        if (sizes.Length != 4 || sizes[0] != x.Shape.N || sizes[1] != x.Shape.C)
            throw node.Fail($"makes [{string.Join(", ", sizes)}] of {x.Shape}; wanted as many images and channels");
        var (mode, coordinates) = (node.Text("mode", "nearest"), node.Text("coordinate_transformation_mode", "half_pixel"));
        if (sizes[2] is < 1 or > GraphLimits.Resized || sizes[3] is < 1 or > GraphLimits.Resized)
            throw node.Fail($"makes {sizes[2]}×{sizes[3]} pixels of {x.Shape}; wanted 1 to {GraphLimits.Resized} each");
        var (height, width) = ((int)sizes[2], (int)sizes[3]);
        node.Set((mode, coordinates, node.Text("nearest_mode", "round_prefer_floor")) switch
        {
            ("linear", "half_pixel" or "pytorch_half_pixel", _) => x.Resize(height, width),
            ("linear", "align_corners", _) => x.Resize(height, width, alignCorners: true),
            ("nearest", "asymmetric", "floor") => x.Resize(height, width, ResizeMode.Nearest),
            var (_, _, nearest) => throw node.Fail(
                $"has the mode {mode} with coordinates {coordinates} and {nearest}; "
                + "wanted linear with half_pixel or align_corners, or nearest with asymmetric and floor"),
        });
    }

    // The older name, whose scales are an attribute before operator set 9 and an input since; it repeats pixels.
    private static void ReadUpsample(OnnxNode node)
    {
        var (x, mode) = (node.Value(0), node.Text("mode", "nearest"));
        if (x.Shape.Rank != 4 || mode != "nearest") throw node.Fail($"resizes {x.Shape} in the mode {mode}; wanted images [N, C, H, W] in the mode nearest");
        var sizes = Scaled(node, x, node.Has(1) ? node.Numbers(1) : node.Numbers("scales"));
        if (sizes[0] != x.Shape.N || sizes[1] != x.Shape.C || sizes[2] is < 1 or > GraphLimits.Resized || sizes[3] is < 1 or > GraphLimits.Resized)
            throw node.Fail($"makes [{string.Join(", ", sizes)}] of {x.Shape}; wanted as many images and channels, and 1 to {GraphLimits.Resized} pixels");
        node.Set(x.Resize((int)sizes[2], (int)sizes[3], ResizeMode.Nearest));
    }

    private static long[] Scaled(OnnxNode node, Value x, double[]? scales)
    {
        if (scales is null) throw node.Fail("has neither sizes nor scales that are known beforehand");
        if (scales.Length != 4 || !Array.TrueForAll(scales, scale => scale > 0 && scale <= GraphLimits.Resized))
            throw node.Fail($"has the scales [{string.Join(", ", scales)}]; wanted 4 numbers above 0");
        return [.. scales.Select((scale, axis) => (long)Math.Floor(x.Shape[axis] * scale))];
    }
}
