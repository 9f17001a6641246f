namespace Fovea.Data.Augment;

/// <summary>The images of which a row of a batch is made, and where it goes.</summary>
/// <param name="batch">The images of the batch, [N, C, H, W], row-major.</param>
/// <param name="rows">Which of them this row is made of.</param>
/// <param name="target">The row that is made, [C, H, W]; none of the batch.</param>
/// <param name="width">W.</param>
/// <param name="height">H.</param>
public readonly ref struct BlendedRow(ReadOnlySpan<float> batch, ReadOnlySpan<int> rows, Span<float> target, int width, int height)
{
    private readonly ReadOnlySpan<float> _batch = batch;
    private readonly ReadOnlySpan<int> _rows = rows;

    /// <summary>[C, H, W], row-major: the row that is made.</summary>
    public Span<float> Target { get; } = target;

    /// <summary>Columns.</summary>
    public int Width => width;

    /// <summary>Rows of pixels.</summary>
    public int Height => height;

    /// <summary>1 (grey) or 3 (red, green, blue).</summary>
    public int Channels => Target.Length / (width * height);

    /// <summary>[C, H, W], row-major: one of the images, 0 for the row itself.</summary>
    public ReadOnlySpan<float> Image(int k) => _batch.Slice(_rows[k] * Target.Length, Target.Length);
}
