using Fovea.Formats.Onnx.Nodes;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Formats.Onnx.Map;

/// <summary>Stride, padding and dilation of ONNX operations.</summary>
internal static class Windows
{
    /// <summary>The attribute kernel_shape, or what it is otherwise.</summary>
    internal static (int H, int W) Kernel(OnnxNode node, (int H, int W)? otherwise = null)
    {
        if (!node.HasAttribute("kernel_shape") && otherwise is { } known) return known;
        var kernel = Numbers(node, "kernel_shape", 2, least: 1, otherwise: 0);
        return (kernel[0], kernel[1]);
    }

    /// <summary>The window with which a kernel moves over an image.</summary>
    internal static Window2d Read(OnnxNode node, Shape x, int kernelH, int kernelW)
    {
        if (x.Rank != 4) throw node.Fail($"x {x}; wanted [N, C, H, W]");
        var (strides, dilations) = (Numbers(node, "strides", 2, least: 1, otherwise: 1), Numbers(node, "dilations", 2, least: 1, otherwise: 1));
        var (reachH, reachW) = (((long)dilations[0] * (kernelH - 1)) + 1, ((long)dilations[1] * (kernelW - 1)) + 1);
        var pads = node.Text("auto_pad", "NOTSET") switch
        {
            "NOTSET" => [.. Numbers(node, "pads", 4, least: 0, otherwise: 0).Select(pad => (long)pad)],
            "VALID" => [0L, 0, 0, 0],
            "SAME_UPPER" => Same(x, strides, reachH, reachW, upper: true),
            "SAME_LOWER" => Same(x, strides, reachH, reachW, upper: false),
            var text => throw node.Fail($"auto_pad is '{text}'; wanted NOTSET, VALID, SAME_UPPER or SAME_LOWER"),
        };
        if (node.Integer("ceil_mode", 0) != 0) pads = Ceiled(node, x, pads, strides, reachH, reachW);
        if (Array.Exists(pads, pad => pad > GraphLimits.Window))
            throw node.Fail($"pads {x} by [{string.Join(", ", pads)}]; wanted at most {GraphLimits.Window} each");
        return new(strides[0], strides[1], (int)pads[0], (int)pads[1], (int)pads[2], (int)pads[3], dilations[0], dilations[1]);
    }

    private static int[] Numbers(OnnxNode node, string name, int count, int least, int otherwise)
    {
        var numbers = node.Integers(name) ?? [.. Enumerable.Repeat((long)otherwise, count)];
        if (numbers.Length != count || Array.Exists(numbers, number => number < least || number > GraphLimits.Window))
            throw node.Fail($"{name} is [{string.Join(", ", numbers)}]; wanted {count} numbers from {least} to {GraphLimits.Window}, for images [N, C, H, W]");
        return [.. numbers.Select(number => (int)number)];
    }

    /// <summary>The padding that gives ⌈size / stride⌉; where it is odd, one more after (upper) or before.</summary>
    private static long[] Same(Shape x, int[] strides, long reachH, long reachW, bool upper)
    {
        var ((top, bottom), (left, right)) = (Split(x.H, strides[0], reachH, upper), Split(x.W, strides[1], reachW, upper));
        return [top, left, bottom, right];
    }

    private static (long Before, long After) Split(long size, int stride, long reach, bool upper)
    {
        var total = Math.Max(0, ((((size + stride - 1) / stride) - 1) * stride) + reach - size);
        return upper ? (total / 2, total - (total / 2)) : (total - (total / 2), total / 2);
    }

    /// <summary>Rounding sizes up is padding at bottom and right, as far as a window begins inside the image.</summary>
    private static long[] Ceiled(OnnxNode node, Shape x, long[] pads, int[] strides, long reachH, long reachW)
    {
        var below = pads[2] + Missing(x.H, pads[0], pads[2], strides[0], reachH);
        var right = pads[3] + Missing(x.W, pads[1], pads[3], strides[1], reachW);
        long[] padded = [pads[0], pads[1], below, right];
        if (node.Proto.OpType != "MaxPool" && !padded.AsSpan().SequenceEqual(pads))
            throw node.Fail($"ceil_mode changes the size of the result for {x}; only MaxPool is read with it");
        return padded;
    }

    private static long Missing(long size, long before, long after, int stride, long reach)
    {
        var room = size + before + after - reach;
        var over = room % stride;
        var lastBegins = room - over + stride;
        return room < 0 || over == 0 || lastBegins >= size + before ? 0 : stride - over;
    }
}
