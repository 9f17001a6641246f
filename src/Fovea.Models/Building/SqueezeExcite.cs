using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Models.Building;

/// <summary>Attention over channels.</summary>
public static class SqueezeExcitation
{
    /// <summary>Squeeze-and-excitation (Hu et al. 2017, arXiv:1709.01507): each channel is scaled by a gate that follows from the means of all.</summary>
    /// <remarks>gate(expand(act(reduce(mean(x))))) · x, with two 1×1 convolutions that have biases.</remarks>
    /// <param name="x">[N, C, H, W].</param>
    /// <param name="reduce">Where <c>weight</c> [reduced, C, 1, 1] and <c>bias</c> [reduced] are declared.</param>
    /// <param name="expand">Where <c>weight</c> [C, reduced, 1, 1] and <c>bias</c> [C] are declared.</param>
    /// <param name="reduced">Channels between the two, from 1.</param>
    /// <param name="act">What follows the first; by default ReLU.</param>
    /// <param name="gate">What follows the second; by default the sigmoid.</param>
    /// <param name="initial">How weights and biases start, as in <see cref="Layers.Conv"/>.</param>
    /// <returns>The shape of <paramref name="x"/>.</returns>
    public static Value SqueezeExcite(
        this Value x, Scope reduce, Scope expand, int reduced, Func<Value, Value>? act = null, Func<Value, Value>? gate = null,
        Initializer? initial = null)
    {
        var squeezed = x.GlobalAveragePool().Conv(reduce, reduced, kernel: 1, bias: true, initial: initial);
        var excited = (act ?? Nodes.Relu)(squeezed).Conv(expand, x.Shape.C, kernel: 1, bias: true, initial: initial);
        return x.Times((gate ?? Nodes.Sigmoid)(excited));
    }
}
