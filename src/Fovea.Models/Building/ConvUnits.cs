using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Models.Building;

/// <summary>A convolution's outputs, kernel, stride, and whether it is padded by half of the kernel or not at all.</summary>
internal readonly record struct Filter(int Channels, int H, int W, int Stride = 1, bool Pads = true)
{
    internal Window2d Window => new(Stride, Stride, Pads ? H / 2 : 0, Pads ? W / 2 : 0, Pads ? H / 2 : 0, Pads ? W / 2 : 0);

    internal static Filter Square(int channels, int kernel, int stride = 1, bool pads = true) => new(channels, kernel, kernel, stride, pads);

    /// <summary>A 3×3 kernel of stride 2 without padding.</summary>
    internal static Filter Halving(int channels) => Square(channels, 3, stride: 2, pads: false);

    /// <summary>A kernel of one row.</summary>
    internal static Filter Row(int channels, int width) => new(channels, 1, width);

    /// <summary>A kernel of one column.</summary>
    internal static Filter Column(int channels, int height) => new(channels, height, 1);
}

/// <summary>A convolution <c>conv</c>, a norm <c>bn</c> and ReLU: what the branches of Inception networks consist of.</summary>
/// <param name="Epsilon">Of the norms.</param>
/// <param name="Initial">How the convolutions start; by default as PyTorch's.</param>
internal sealed record ConvUnits(double Epsilon, Initializer? Initial = null)
{
    internal Value One(Scope s, Value x, Filter filter) =>
        x.TorchConv(s["conv"], filter.Channels, (filter.H, filter.W), filter.Window, initial: Initial).Norm(s["bn"], Epsilon).Relu();

    /// <summary>One after another, under the scopes 0, 1, ….</summary>
    internal Value Chain(Scope s, Value x, params ReadOnlySpan<Filter> filters)
    {
        for (var i = 0; i < filters.Length; i++) x = One(s[i], x, filters[i]);
        return x;
    }

    /// <summary>One after another, under <c>name_1</c>, <c>name_2</c>, ….</summary>
    internal Value Numbered(Scope s, string name, Value x, params ReadOnlySpan<Filter> filters)
    {
        for (var i = 0; i < filters.Length; i++) x = One(s[$"{name}_{i + 1}"], x, filters[i]);
        return x;
    }
}
