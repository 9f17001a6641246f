using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Darknet.Layers;

/// <summary><c>[local_avgpool]</c>: the mean of each window, of the pixels that lie within the image.</summary>
public sealed record LocalAveragePoolLayer : DarknetLayer
{
    private readonly PoolWindow _window;

    private LocalAveragePoolLayer(LayerContext at)
        : base(at.Index, at.Image)
    {
        _window = PoolWindow.Read(at);
        Output = _window.Made(at);
    }

    /// <inheritdoc/>
    public override string Kind => "local_avgpool";

    /// <inheritdoc/>
    public override LayerShape Output { get; }

    /// <inheritdoc/>
    public override float BFlops => _window.BFlops(Input, Output);

    /// <inheritdoc/>
    public override string Row => _window.Row("avg", Input, Output);

    /// <summary>Reads a section.</summary>
    internal static LocalAveragePoolLayer Read(LayerContext at) => new(at);

    /// <inheritdoc/>
    internal override Value Lower(LayerLowering at, Value x) => x.AvgPool(_window.Size, _window.Size, _window.Window, countPadding: false);
}
