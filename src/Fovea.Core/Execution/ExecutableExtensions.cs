using System.Runtime.InteropServices;
using Fovea.Tensors;

namespace Fovea.Execution;

/// <summary>Typed access to inputs and outputs.</summary>
public static class ExecutableExtensions
{
    /// <summary>The elements of a float32 input.</summary>
    public static Span<float> Floats(this IExecutable executable, string input) => MemoryMarshal.Cast<byte, float>(executable.Input(input));

    /// <summary>The elements of an int32 input.</summary>
    public static Span<int> Ints(this IExecutable executable, string input) => MemoryMarshal.Cast<byte, int>(executable.Input(input));

    /// <summary>The elements of a float32 output.</summary>
    public static ReadOnlySpan<float> Result(this IExecutable executable, string output) =>
        MemoryMarshal.Cast<byte, float>(executable.Output(output));

    /// <summary>Fills an input with the elements of a tensor.</summary>
    public static void Fill(this IExecutable executable, string input, HostTensor tensor)
    {
        var wanted = executable.Input(input);
        if (wanted.Length != tensor.Bytes.Length)
            throw new ArgumentException($"the input '{input}' takes {wanted.Length} bytes; {tensor.Type} has {tensor.Bytes.Length}");
        tensor.Bytes.CopyTo(wanted);
    }
}
