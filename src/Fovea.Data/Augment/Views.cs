namespace Fovea.Data.Augment;

/// <summary>Which views of an image evaluation looks at; what the model says of them is averaged.</summary>
public enum Views
{
    /// <summary>The image as it is fitted.</summary>
    One,

    /// <summary>That, and mirrored left to right.</summary>
    Flip,

    /// <summary>The four corners and the middle of the resized image, for which `data.crop_fraction` is below 1. torchvision: <c>FiveCrop</c>.</summary>
    FiveCrop,

    /// <summary>Those, and each mirrored left to right. torchvision: <c>TenCrop</c>.</summary>
    TenCrop,
}
