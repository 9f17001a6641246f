using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Darknet.Layers;

/// <summary><c>[crop]</c>: the middle of an image, and (unless <c>noadjust</c>) 2x − 1 of each number.</summary>
public sealed record CropLayer : DarknetLayer
{
    private CropLayer(LayerContext at)
        : base(at.Index, at.Image)
    {
        var options = at.Options;
        var height = options.Integer("crop_height", 1, 1, isTold: true);
        var width = options.Integer("crop_width", 1, 1, isTold: true);
        if (height > Input.Height || width > Input.Width)
            throw options.Wrong($"cuts {width} x {height} pixels out of {Input.Width} x {Input.Height}; wanted at most as many");
        Flip = options.Integer("flip", 0, isTold: true) != 0;
        Angle = options.Real("angle", 0, isTold: true);
        Saturation = options.Real("saturation", 1, isTold: true);
        Exposure = options.Real("exposure", 1, isTold: true);
        IsAdjusted = !options.Flag("noadjust");
        Output = LayerShape.Image(width, height, Input.Channels);
    }

    /// <inheritdoc/>
    public override string Kind => "crop";

    /// <summary>Whether Darknet's training turns half of the images round.</summary>
    public bool Flip { get; }

    /// <summary>By how many degrees Darknet's training turns images at most. Default 0.</summary>
    public double Angle { get; }

    /// <summary>By which factor it changes their saturation at most. Default 1.</summary>
    public double Saturation { get; }

    /// <summary>By which factor it changes their brightness at most. Default 1.</summary>
    public double Exposure { get; }

    /// <summary>Whether numbers of 0 to 1 become −1 to 1. Default true.</summary>
    public bool IsAdjusted { get; }

    /// <inheritdoc/>
    public override LayerShape Output { get; }

    /// <inheritdoc/>
    public override string Row => Text($"Crop Layer: {Input.Height} x {Input.Width} -> {Output.Height} x {Output.Width} x {Output.Channels} image");

    /// <summary>Reads a section.</summary>
    internal static CropLayer Read(LayerContext at) => new(at);

    /// <inheritdoc/>
    internal override void ReadRest(Cfg.CfgOptions options) => options.Real("shift", 0, isTold: true);

    /// <inheritdoc/>
    internal override Value Lower(LayerLowering at, Value x)
    {
        x = x.Slice(2, (Input.Height - Output.Height) / 2, Output.Height).Slice(3, (Input.Width - Output.Width) / 2, Output.Width);
        return IsAdjusted ? x.Affine(2, -1) : x;
    }
}
