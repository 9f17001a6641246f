using System.Globalization;
using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Darknet.Layers;

/// <summary><c>[route]</c>: layers one after the other along the channels, or the same part of each.</summary>
public sealed record RouteLayer : DarknetLayer
{
    private readonly IReadOnlyList<DarknetLayer> _from;

    private RouteLayer(LayerContext at)
        : base(at.Index, at.Input)
    {
        var options = at.Options;
        _from = at.References("layers");
        Groups = options.Integer("groups", 1, 1, LayerContext.Channels);
        Group = options.Integer("group_id", 0, 0, Groups - 1);
        foreach (var key in new[] { "stream", "wait_stream" }) options.Real(key, 0);
        var first = _from[0].Output;
        foreach (var layer in _from)
        {
            var shape = layer.Output;
            if (!shape.IsImage) throw options.Wrong("layers", $"names layer {layer.Index}, a [{layer.Kind}], which makes no image; wanted others");
            if ((shape.Width, shape.Height) != (first.Width, first.Height))
                throw options.Wrong(
                    "layers", $"names layers {_from[0].Index} and {layer.Index}, which make {first.Width} x {first.Height} and {shape.Width} x {shape.Height} "
                    + "pixels; wanted the same size");
            if (shape.Channels % Groups != 0)
                throw options.Wrong("groups", $"is {Groups}; wanted a divisor of the {shape.Channels} channels of layer {layer.Index}");
        }

        Output = at.Made(first.Width, first.Height, _from.Sum(layer => (long)layer.Output.Channels) / Groups);
    }

    /// <inheritdoc/>
    public override string Kind => "route";

    /// <summary>The layers that it reads.</summary>
    public IReadOnlyList<int> From => [.. _from.Select(layer => layer.Index)];

    /// <summary>In how many parts the channels of each fall. Default 1.</summary>
    public int Groups { get; }

    /// <summary>Which part is taken, from 0.</summary>
    public int Group { get; }

    /// <inheritdoc/>
    public override LayerShape Output { get; }

    /// <inheritdoc/>
    public override string Row
    {
        get
        {
            var gap = _from.Count > 3 ? " \t    " : _from.Count > 1 ? " \t            " : " \t\t            ";
            var part = Groups > 1 ? Text($"{Group}/{Groups}") : "   ";
            return $"route {Numbers}{gap}           {part} -> {Output} ";
        }
    }

    /// <inheritdoc/>
    public override string OriginalRow => $"route {Numbers}";

    /// <inheritdoc/>
    internal override (int Width, int Height, int Outputs) Averaged => (_from[0].Input.Width, _from[0].Input.Height, Output.Elements);

    private string Numbers => string.Concat(From.Select(index => $" {index.ToString(CultureInfo.InvariantCulture)}"));

    /// <summary>Reads a section.</summary>
    internal static RouteLayer Read(LayerContext at) => new(at);

    /// <inheritdoc/>
    internal override Value Lower(LayerLowering at, Value x)
    {
        Value[] parts = [.. _from.Select(layer => Part(at.Made[layer.Index]))];
        return parts.Length == 1 ? parts[0] : parts[0].Concat(1, parts.AsSpan(1));
    }

    private Value Part(Value x)
    {
        var channels = x.Shape.C / Groups;
        return Groups == 1 ? x : x.Slice(1, Group * channels, channels);
    }
}
