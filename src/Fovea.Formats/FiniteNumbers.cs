using System.Runtime.InteropServices;
using Fovea.Tensors;

namespace Fovea.Formats;

/// <summary>Weights are finite numbers: one NaN makes every answer NaN.</summary>
public static class FiniteNumbers
{
    private const ushort BFloat16Exponent = 0x7F80;

    /// <summary>Throws if a tensor of floating-point numbers holds NaN or infinity.</summary>
    /// <param name="file">The file that they are from, for the message.</param>
    /// <param name="tensors">Names and tensors.</param>
    /// <exception cref="ModelFormatException">One does; the message names the tensor and the element.</exception>
    public static void Check(string file, IEnumerable<(string Name, HostTensor Tensor)> tensors)
    {
        foreach (var (name, tensor) in tensors)
            if (Problem(tensor) is { } problem) throw new ModelFormatException(file, name, problem);
    }

    /// <summary>What is wrong with a tensor: <c>holds NaN at element 3 of f32[8]; wanted finite numbers</c>; null if all its numbers are finite.</summary>
    public static string? Problem(HostTensor tensor)
    {
        var at = tensor.Type.DType == DType.Float32
            ? FirstOf(tensor.Floats)
            : tensor.Type.DType == DType.BFloat16 ? FirstOf(MemoryMarshal.Cast<byte, ushort>(tensor.Bytes)) : -1;
        if (at < 0) return null;
        var number = tensor.Type.DType == DType.Float32 ? FormattableString.Invariant($"{tensor.Floats[at]}") : "a number that is not finite";
        return $"holds {number} at element {at} of {tensor.Type}; wanted finite numbers";
    }

    private static int FirstOf(ReadOnlySpan<float> numbers)
    {
        for (var i = 0; i < numbers.Length; i++)
            if (!float.IsFinite(numbers[i])) return i;
        return -1;
    }

    private static int FirstOf(ReadOnlySpan<ushort> bits)
    {
        for (var i = 0; i < bits.Length; i++)
            if ((bits[i] & BFloat16Exponent) == BFloat16Exponent) return i;
        return -1;
    }
}
