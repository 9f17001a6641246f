namespace Fovea.Data.Augment;

/// <summary>An image of rectangles of others, which cover it without overlapping: shares are numbers of pixels.</summary>
/// <param name="patches">The rectangles.</param>
/// <param name="images">How many images there are.</param>
internal sealed class PatchBlend(IReadOnlyList<Patch> patches, int images) : Blend
{
    public override IReadOnlyList<double> Shares { get; } = Count(patches, images);

    public override void Mix(BlendedRow row)
    {
        foreach (var patch in patches)
        {
            if (patch.Width == 0) continue;
            var image = row.Image(patch.Image);
            for (var c = 0; c < row.Channels; c++)
                for (var y = 0; y < patch.Height; y++)
                {
                    var from = (((c * row.Height) + patch.FromTop + y) * row.Width) + patch.FromLeft;
                    image.Slice(from, patch.Width).CopyTo(row.Target[((((c * row.Height) + patch.Top + y) * row.Width) + patch.Left)..]);
                }
        }
    }

    private static double[] Count(IReadOnlyList<Patch> patches, int images)
    {
        var pixels = new long[images];
        foreach (var patch in patches) pixels[patch.Image] += (long)patch.Width * patch.Height;
        return [.. pixels.Select(count => (double)count / pixels.Sum())];
    }
}
