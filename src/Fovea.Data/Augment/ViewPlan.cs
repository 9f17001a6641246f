namespace Fovea.Data.Augment;

/// <summary>The views of an image, by their numbers.</summary>
public static class ViewPlan
{
    /// <summary>Which of five or ten crops is the middle.</summary>
    public const int Middle = 4;

    /// <summary>How many there are.</summary>
    public static int Count(this Views views) => views switch { Views.One => 1, Views.Flip => 2, Views.FiveCrop => 5, _ => 10 };

    /// <summary>Cuts a view from an image that is at least as large as the input.</summary>
    internal static void Cut(Canvas canvas, Views views, int number)
    {
        var (width, height) = (canvas.Input.Width, canvas.Input.Height);
        var corner = views is Views.One or Views.Flip ? Middle : number % (Middle + 1);
        if (corner == Middle) canvas.CropMiddle(width, height);
        else canvas.Crop(corner % 2 == 0 ? 0 : canvas.Width - width, corner < 2 ? 0 : canvas.Height - height, width, height);
        if (views is Views.Flip or Views.TenCrop && number >= views.Count() / 2) canvas.Mirror();
    }
}
