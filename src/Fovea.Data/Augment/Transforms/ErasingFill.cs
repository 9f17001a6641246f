namespace Fovea.Data.Augment;

/// <summary>What is seen where something was erased.</summary>
public enum ErasingFill
{
    /// <summary>The mean colour: zeros of the normalised image. timm's <c>const</c>.</summary>
    Mean,

    /// <summary>One colour, normally distributed. timm's <c>rand</c>.</summary>
    Color,

    /// <summary>Noise: each number normally distributed. timm's <c>pixel</c>.</summary>
    Pixel,
}
