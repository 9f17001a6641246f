using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Interop;

/// <summary>How a convolution's kernel moves, per spatial axis.</summary>
/// <param name="Strides">Steps between outputs.</param>
/// <param name="Dilations">Steps between taps: 1 is dense.</param>
/// <param name="PadBegin">Zeros before the first element.</param>
/// <param name="PadEnd">Zeros after the last element.</param>
internal readonly record struct ConvolutionWindow(Shape Strides, Shape Dilations, Shape PadBegin, Shape PadEnd)
{
    /// <summary>The same along height and width.</summary>
    internal static ConvolutionWindow Square(int stride = 1, int padding = 0, int dilation = 1) =>
        new(new(stride, stride), new(dilation, dilation), new(padding, padding), new(padding, padding));
}

/// <summary>How a pooling kernel moves, per spatial axis.</summary>
/// <param name="Kernel">The kernel's extent.</param>
/// <param name="Strides">Steps between outputs.</param>
/// <param name="PadBegin">Padding before the first element.</param>
/// <param name="PadEnd">Padding after the last element.</param>
internal readonly record struct PoolingWindow(Shape Kernel, Shape Strides, Shape PadBegin, Shape PadEnd)
{
    /// <summary>Steps between taps; dense without.</summary>
    internal Shape Dilations { get; init; }

    /// <summary>Whether a kernel has gaps.</summary>
    internal bool IsDilated => Dilations.Elements > 1;

    /// <summary>The same along height and width.</summary>
    internal static PoolingWindow Square(int kernel, int stride, int padding = 0) =>
        new(new(kernel, kernel), new(stride, stride), new(padding, padding), new(padding, padding));
}
