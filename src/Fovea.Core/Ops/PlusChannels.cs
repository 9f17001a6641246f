using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary>x [N, C, H, W] with b [C] added to every pixel: the sum of x and b reshaped to [1, C, 1, 1].</summary>
    public static Value PlusChannels(this Value x, Value b) => x.Plus(b.Reshape(Shape.Of(1, b.Shape.Elements, 1, 1)));
}
