using Fovea.Darknet.Cfg;
using Fovea.Graphs;
using Fovea.Naming;

namespace Fovea.Darknet.Layers;

/// <summary>What a layer is read from: its section, and what stands before it.</summary>
/// <param name="Options">The section.</param>
/// <param name="Index">The number of the layer, from 0.</param>
/// <param name="Input">What the layer before makes, or what the network takes.</param>
/// <param name="Before">The layers before.</param>
public sealed record LayerContext(CfgOptions Options, int Index, LayerShape Input, IReadOnlyList<DarknetLayer> Before)
{
    /// <summary>The most rows or columns of a kernel, a stride, a dilation or a padding.</summary>
    internal const int Window = 1 << 14;

    /// <summary>The most channels.</summary>
    internal const int Channels = 1 << 20;

    /// <summary>The input, which has to be an image.</summary>
    internal LayerShape Image =>
        Input.IsImage ? Input : throw Options.Wrong($"takes an image; the layer before makes {Amount.Of(Input.Elements, "number")} without rows and columns");

    /// <summary>An activation by its name.</summary>
    /// <param name="usual">The name where none is given.</param>
    /// <param name="isTold">Whether Darknet says so where none is given.</param>
    internal DarknetActivation Activation(string usual, bool isTold = true)
    {
        var name = Options.Word("activation", usual, isTold);
        return DarknetActivation.Find(name) ?? throw Options.Wrong(
            "activation", $"is '{Printable.Short(name, 40)}'; wanted one of Darknet's{NearestName.Hint(name, DarknetActivation.All.Select(one => one.Name))}");
    }

    /// <summary>The layers that a list names: numbers from 0, or backwards from here where they are negative.</summary>
    /// <param name="key">The key of the list.</param>
    internal IReadOnlyList<DarknetLayer> References(string key)
    {
        var numbers = Options.Integers(key) ?? throw Options.Wrong($"has no {key}; wanted the layers that it reads, as {key}=-1,-3");
        return [.. numbers.Select(number => Reference(key, number))];
    }

    /// <summary>The layer of a number.</summary>
    internal DarknetLayer Reference(string key, int number)
    {
        var index = number < 0 ? Index + (long)number : number;
        return index >= 0 && index < Index
            ? Before[(int)index]
            : throw Options.Wrong(key, $"names layer {index}; wanted one before layer {Index}, {(Index == 0 ? "of which there is none" : $"0 to {Index - 1}")}");
    }

    /// <summary>An image of these extents, if it is one that can be had.</summary>
    internal LayerShape Made(long width, long height, long channels)
    {
        if (width < 1 || height < 1 || channels < 1) throw Options.Wrong($"would make an image of {width} x {height} x {channels}; wanted at least one pixel");
        if ((Int128)width * height * channels > GraphLimits.Default.Elements)
            throw Options.Wrong($"would make an image of {width} x {height} x {channels}; wanted at most {GraphLimits.Default.Elements} numbers");
        return LayerShape.Image((int)width, (int)height, (int)channels);
    }

    /// <summary>A number of weights, if they can be had.</summary>
    internal int Weights(Int128 count) => count >= 1 && count <= GraphLimits.Default.Elements
        ? (int)count
        : throw Options.Wrong($"would have {count} weights; wanted 1 to {GraphLimits.Default.Elements}");
}
