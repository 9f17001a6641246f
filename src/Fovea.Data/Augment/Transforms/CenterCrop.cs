namespace Fovea.Data.Augment;

/// <summary>Cuts a square from the middle; a smaller image is first padded with black to that size.</summary>
/// <remarks>torchvision: <c>CenterCrop(size)</c>; half a pixel is rounded to even.</remarks>
public sealed record CenterCrop : Transform
{
    /// <summary>The side of the square in pixels. Default 224.</summary>
    public int Size { get; init; } = 224;

    /// <inheritdoc/>
    public override void Validate() => CheckSize(Size, nameof(Size));

    internal override void Apply(Canvas canvas, ref Draws draws)
    {
        var (missingX, missingY) = (Math.Max(Size - canvas.Width, 0), Math.Max(Size - canvas.Height, 0));
        if (missingX > 0 || missingY > 0) canvas.Pad(missingX / 2, missingY / 2, (missingX + 1) / 2, (missingY + 1) / 2);
        canvas.Crop(Offset(canvas.Width, Size), Offset(canvas.Height, Size), Size, Size);
    }

    internal override (int Width, int Height)? OutputSize((int Width, int Height)? input) => (Size, Size);

    internal static int Offset(int length, int size) => (int)Math.Round((length - size) / 2.0, MidpointRounding.ToEven);
}
