using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Darknet.Layers;

/// <summary><c>[dropout]</c>: in training drops numbers and scales those that are kept; otherwise nothing.</summary>
public sealed record DropoutLayer : DarknetLayer
{
    private const int UsualBlock = 7;

    private readonly bool _isOfBlocks;
    private readonly double _relative;
    private readonly int _absolute;

    private DropoutLayer(LayerContext at)
        : base(at.Index, at.Input)
    {
        var options = at.Options;
        Probability = options.Real("probability", 0.2, 0, 1, isTold: true);
        if (Probability >= 1) throw options.Wrong("probability", "is 1, so that nothing would be left; wanted 0 to below 1");
        _isOfBlocks = options.Flag("dropblock");
        _relative = options.Real("dropblock_size_rel", 0, 0, 1);
        _absolute = Math.Min((int)options.Real("dropblock_size_abs", 0, 0, LayerContext.Window), Math.Min(Input.Width, Input.Height));
        if (_isOfBlocks && _relative == 0 && _absolute == 0) _absolute = UsualBlock;
        if (_isOfBlocks) options.Pass("dropblock", "drops single numbers here, as Darknet does on a CPU, not blocks");
    }

    /// <inheritdoc/>
    public override string Kind => "dropout";

    /// <summary>The share of numbers that is dropped, 0 to below 1. Default 0.2.</summary>
    public double Probability { get; }

    /// <inheritdoc/>
    public override LayerShape Output => Input;

    /// <inheritdoc/>
    public override string Row
    {
        get
        {
            var p = Printed.Fixed((float)Probability, 3);
            if (!_isOfBlocks) return Text($"dropout    p = {p}        {Input.Elements,4}  ->   {Input.Elements,4}");
            var size = _absolute > 0 ? Text($"l.dropblock_size_abs = {_absolute}") : $"l.dropblock_size_rel = {Printed.Fixed((float)_relative, 2)}";
            return Text($"dropblock    p = {p}   {size}    {Input.Elements,4}  ->   {Input.Elements,4}");
        }
    }

    /// <inheritdoc/>
    public override string OriginalRow =>
        Text($"dropout       p = {Printed.Fixed((float)Probability, 2)}               {Input.Elements,4}  ->  {Input.Elements,4}");

    /// <inheritdoc/>
    internal override (int Width, int Height, int Outputs) Averaged => _isOfBlocks ? (Input.Width, Input.Height, Input.Elements) : (0, 0, Input.Elements);

    /// <summary>Reads a section.</summary>
    internal static DropoutLayer Read(LayerContext at) => new(at);

    /// <inheritdoc/>
    internal override Value Lower(LayerLowering at, Value x) => x.Dropout(Probability);
}
