using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Darknet.Layers;

/// <summary><c>[implicit]</c>: trained numbers, the same for every image (Wang et al. 2021, arXiv:2105.04206).</summary>
public sealed record ImplicitLayer : DarknetLayer
{
    private readonly double _mean;
    private readonly double _deviation;

    private ImplicitLayer(LayerContext at)
        : base(at.Index, at.Input)
    {
        _mean = at.Options.Real("mean", 0, isTold: true);
        _deviation = at.Options.Real("std", 0.2, 0, isTold: true);
        var filters = at.Options.Integer("filters", 128, 1, LayerContext.Channels, isTold: true);
        Output = at.Made(1, at.Options.Integer("atoms", 1, 1, LayerContext.Window), filters);
    }

    /// <inheritdoc/>
    public override string Kind => "implicit";

    /// <inheritdoc/>
    public override LayerShape Output { get; }

    /// <summary>Darknet begins uniformly within ±std of the mean; a normal of the same deviation stands for that.</summary>
    public override IReadOnlyList<LayerTensor> Tensors =>
        [new(Index, "weights", new(Output.Channels, Output.Height), new Initializer.Normal(_deviation / Math.Sqrt(3), _mean))];

    /// <inheritdoc/>
    public override string Row => Text(
        $"implicit Layer: {Output.Channels} x {Output.Height} \t mean={Printed.Fixed((float)_mean, 2)}, std={Printed.Fixed((float)_deviation, 2)} ");

    /// <inheritdoc/>
    internal override (int Width, int Height, int Outputs) Averaged => (1, 1, Output.Elements);

    /// <summary>Reads a section.</summary>
    internal static ImplicitLayer Read(LayerContext at) => new(at);

    /// <inheritdoc/>
    internal override Value Lower(LayerLowering at, Value x) =>
        at.Tensor(Tensors[0]).Reshape(new Shape(1, Output.Channels, Output.Height, 1)).BroadcastTo(new Shape(x.Shape.N, Output.Channels, Output.Height, 1));
}
