using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Models.ImageNet;

/// <summary>What sets the CoAtNets apart, in timm's terms; the defaults are those of the models that follow the paper.</summary>
internal sealed record CoAtNetPlan
{
    /// <summary>Channels of the four stages.</summary>
    internal required int[] Widths { get; init; }

    /// <summary>Blocks of the four stages; the first two are of convolutions, the others of attention.</summary>
    internal required int[] Depths { get; init; }

    /// <summary>Channels of the two convolutions of the stem.</summary>
    internal required (int First, int Second) Stem { get; init; }

    /// <summary>Whether the third and fourth stage start with a block of convolutions.</summary>
    internal bool Mixed { get; init; }

    /// <summary>Whether the head has a hidden layer, after pooling and norm; otherwise the norm comes before pooling.</summary>
    internal bool Hidden { get; init; }

    /// <summary>The activation of stem and convolution blocks.</summary>
    internal Func<Value, Value> Activation { get; init; } = Nodes.Gelu;

    /// <summary>Whether a convolution block halves its image by a mean in front, rather than in its depthwise convolution.</summary>
    internal bool Pools { get; init; }

    /// <summary>Whether shortcuts and the image in front of attention are halved by 3×3 maxima rather than by 2×2 means.</summary>
    internal bool Maxima { get; init; }

    /// <summary>Whether the norm in front of a convolution block is activated.</summary>
    internal bool ActivatesFirst { get; init; }

    /// <summary>Whether inner channels follow from the channels of the result, rather than of the argument; with attention, its own too.</summary>
    internal bool ExpandsOutput { get; init; } = true;

    /// <summary>Whether the last layer and the shortcut of a convolution block have a bias.</summary>
    internal bool ConvolutionBias { get; init; } = true;

    /// <summary>Whether the shortcut of an attention block has a bias.</summary>
    internal bool AttentionBias { get; init; } = true;

    /// <summary>Whether squeeze-and-excitation comes before the norm.</summary>
    internal bool ExcitesEarly { get; init; }

    /// <summary>The activation inside squeeze-and-excitation.</summary>
    internal Func<Value, Value> ExciteActivation { get; init; } = Nodes.Silu;

    /// <summary>What the scale of both branches of an attention block starts at; null for none.</summary>
    internal double? LayerScale { get; init; }

    /// <summary>Hidden features of the layers that make the biases of attention from relative positions; null for a table.</summary>
    internal int? PositionWidth { get; init; }

    /// <summary>Whether attention blocks and the head have batch norms rather than layer norms.</summary>
    internal bool BatchNorms { get; init; }

    /// <summary>What sizes of images are multiples of, so that both ways through a block that halves come to the same size.</summary>
    internal int Step => Pools && !Maxima ? 1 : 8;
}
