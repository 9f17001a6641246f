using Fovea.Tensors;

namespace Fovea.Training.Parity;

/// <summary>A RepOpt-VGG in the form of the target, of free size.</summary>
/// <param name="NumBlocks">Blocks of each of the four stages.</param>
/// <param name="WidthMultiplier">Their widths as multiples of 64, 128, 256 and 512 channels.</param>
/// <param name="Classes">Classes.</param>
/// <param name="Input">The shape of a batch of images, [N, C, H, W].</param>
public sealed record RepOptModel(IReadOnlyList<int> NumBlocks, IReadOnlyList<double> WidthMultiplier, int Classes, Shape Input);
