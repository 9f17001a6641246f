using System.Globalization;

namespace Fovea.Darknet.Layers;

/// <summary>What a layer takes or makes of one image.</summary>
/// <param name="Width">Columns; 0 where it is no image.</param>
/// <param name="Height">Rows; 0 where it is no image.</param>
/// <param name="Channels">Channels; 0 where it is no image.</param>
/// <param name="Elements">All numbers together.</param>
public readonly record struct LayerShape(int Width, int Height, int Channels, int Elements)
{
    /// <summary>Whether it is an image, as convolutions and poolings take it.</summary>
    public bool IsImage => Width > 0 && Height > 0 && Channels > 0;

    /// <summary>An image.</summary>
    /// <exception cref="OverflowException">Its elements cannot be counted in 32 bits.</exception>
    public static LayerShape Image(int width, int height, int channels) => new(width, height, channels, checked(width * height * channels));

    /// <summary>Numbers that are one pixel of an image of as many channels, as a connected layer makes them.</summary>
    public static LayerShape Vector(int elements) => new(1, 1, elements, elements);

    /// <summary>As Darknet prints it: <c> 224 x 224 x   3</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Width,4} x{Height,4} x{Channels,4}");
}
