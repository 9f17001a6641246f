namespace Fovea.Data.Augment;

/// <summary>How several images become one.</summary>
public abstract class Blend
{
    /// <summary>The share of each image in the target; their sum is 1.</summary>
    public abstract IReadOnlyList<double> Shares { get; }

    /// <summary>Makes the image.</summary>
    /// <param name="row">The images, and where the new one goes.</param>
    public abstract void Mix(BlendedRow row);
}
