using System.Globalization;

namespace Fovea.Data.Augment;

/// <summary>A number for each colour channel.</summary>
/// <param name="Red">Of red.</param>
/// <param name="Green">Of green.</param>
/// <param name="Blue">Of blue.</param>
public readonly record struct ChannelValues(float Red, float Green, float Blue)
{
    /// <summary>For example <c>[0.485, 0.456, 0.406]</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"[{Red}, {Green}, {Blue}]");
}
