using Fovea.Tensors;

namespace Fovea.Training.RepOpt;

/// <summary>The scales of a block of linear branches: y = s₃·conv₃(x) + s₁·conv₁(x) + s₀·x, which is one convolution with one kernel.</summary>
/// <param name="Kernel">The name of that kernel, f32 [O, I, k, k] with odd k above 1.</param>
/// <param name="Scale">s₃, a scale for each output channel.</param>
/// <param name="Point">s₁; null in a block without a 1×1 convolution.</param>
/// <param name="Identity">s₀; null in a block without identity.</param>
public sealed record BlockScales(string Kernel, IReadOnlyList<float> Scale, IReadOnlyList<float>? Point, IReadOnlyList<float>? Identity)
{
    /// <summary>The rule of iteration (arXiv:2205.15242, §3.1): what the gradients of the kernel are multiplied by.</summary>
    /// <remarks>Every element has s₃ᵖ; those in the middle s₁ᵖ more, and those of the identity 1 more, since its scale is trained itself.</remarks>
    /// <param name="kernel">The shape of the kernel.</param>
    /// <param name="power">p: 2 for a rule whose steps grow with the gradient, 1 for one whose steps do not.</param>
    /// <returns>A factor for each element.</returns>
    public HostTensor Multipliers(Shape kernel, int power) => Made(kernel, (o, isMiddle, isIdentity, _) =>
    {
        var factor = Math.Pow(Scale[o], power);
        if (isMiddle && Point is not null) factor += Math.Pow(Point[o], power);
        return isIdentity ? factor + 1 : factor;
    });

    /// <summary>The rule of initialisation: the kernel that the branches together begin with.</summary>
    /// <param name="kernel">The kernel of the convolution alone.</param>
    /// <param name="point">The kernel of the 1×1 convolution, f32 [O, I, 1, 1]; null in a block without.</param>
    /// <param name="takesIdentityScales">Whether the identity begins with the scales that were found, and not with 1.</param>
    public HostTensor Initial(HostTensor kernel, HostTensor? point, bool takesIdentityScales)
    {
        var (shape, inputs) = (kernel.Shape, kernel.Shape[1]);
        return Made(shape, (o, isMiddle, isIdentity, i) =>
        {
            var w = (double)kernel.Floats[i] * Scale[o];
            if (isMiddle && Point is not null) w += (double)point!.Floats[(o * inputs) + (i / (shape.H * shape.W) % inputs)] * Point[o];
            return isIdentity ? w + (takesIdentityScales ? Identity![o] : 1) : w;
        });
    }

    /// <summary>A tensor whose elements follow from output channel, whether they are in the middle, whether they belong to the identity, and index.</summary>
    private HostTensor Made(Shape shape, Func<int, bool, bool, int, double> element)
    {
        var tensor = new HostTensor(TensorType.F32(shape.N, shape[1], shape.H, shape.W));
        var (plane, middle, inputs) = (shape.H * shape.W, shape.H * shape.W / 2, shape[1]);
        for (var i = 0; i < tensor.Floats.Length; i++)
        {
            var (o, channel, isMiddle) = (i / plane / inputs, i / plane % inputs, i % plane == middle);

            // Of a group, the channel o of the input is the one of that number among the group's own.
            tensor.Floats[i] = (float)element(o, isMiddle, isMiddle && Identity is not null && channel == o % inputs, i);
        }

        return tensor;
    }
}
