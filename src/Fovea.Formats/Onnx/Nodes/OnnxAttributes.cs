using Fovea.Formats.Onnx.Proto;
using Fovea.Ops;
using Fovea.Tensors;
using Google.Protobuf;
using AttributeType = Fovea.Formats.Onnx.Proto.AttributeProto.Types.AttributeType;

namespace Fovea.Formats.Onnx.Nodes;

/// <summary>Attributes of nodes, written.</summary>
internal static class OnnxAttributes
{
    internal static AttributeProto Of(string name, long number) => new() { Name = name, Type = AttributeType.Int, I = number };

    internal static AttributeProto Of(string name, bool flag) => Of(name, flag ? 1 : 0);

    internal static AttributeProto Of(string name, double number) => new() { Name = name, Type = AttributeType.Float, F = (float)number };

    internal static AttributeProto Of(string name, string text) => new() { Name = name, Type = AttributeType.String, S = ByteString.CopyFromUtf8(text) };

    internal static AttributeProto Of(string name, HostTensor tensor) => new() { Name = name, Type = AttributeType.Tensor, T = OnnxTensors.Write("", tensor) };

    internal static AttributeProto Integers(string name, params ReadOnlySpan<int> numbers)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeType.Ints };
        foreach (var number in numbers) attribute.Ints.Add(number);
        return attribute;
    }

    /// <summary>Kernel, strides, padding and, where they say anything, dilations.</summary>
    internal static AttributeProto[] Of(Window2d window, int kernelH, int kernelW)
    {
        var attributes = new List<AttributeProto>
        {
            Integers("kernel_shape", kernelH, kernelW),
            Integers("strides", window.StrideH, window.StrideW),
            Integers("pads", window.Top, window.Left, window.Bottom, window.Right),
        };
        if ((window.DilationH, window.DilationW) != (1, 1)) attributes.Add(Integers("dilations", window.DilationH, window.DilationW));
        return [.. attributes];
    }
}
