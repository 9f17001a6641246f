using Fovea.Graphs;

namespace Fovea.Darknet.Layers;

/// <summary><c>[cost]</c>: the loss of Darknet's training; it makes nothing.</summary>
public sealed record CostLayer : DarknetLayer
{
    private static readonly string[] s_types = ["sse", "masked", "smooth"];

    private CostLayer(LayerContext at)
        : base(at.Index, at.Input)
    {
        Type = at.Options.Word("type", "sse", isTold: true);
        if (!s_types.Contains(Type, StringComparer.Ordinal))
            throw at.Options.Wrong("type", $"is '{Naming.Printable.Short(Type, 40)}'; wanted {string.Join(", ", s_types)}");
        Scale = at.Options.Real("scale", 1);
        Ratio = at.Options.Real("ratio", 0);
    }

    /// <inheritdoc/>
    public override string Kind => "cost";

    /// <summary>sse, masked or smooth. Default sse.</summary>
    public string Type { get; }

    /// <summary>What the gradient is multiplied with. Default 1.</summary>
    public double Scale { get; }

    /// <summary>The share of the smallest differences that is left out. Default 0.</summary>
    public double Ratio { get; }

    /// <inheritdoc/>
    public override LayerShape Output => new(0, 0, 0, Input.Elements);

    /// <inheritdoc/>
    public override string Row => Text($"cost                                           {Input.Elements,4}");

    /// <inheritdoc/>
    internal override (int Width, int Height, int Outputs) Averaged => (0, 0, Input.Elements);

    /// <summary>Reads a section.</summary>
    internal static CostLayer Read(LayerContext at) => new(at);

    /// <inheritdoc/>
    internal override Value Lower(LayerLowering at, Value x) => x;
}
