using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Models.Cifar;

/// <summary>ResNeXt-29 with convolutional block attention (Woo et al. 2018, arXiv:1807.06521): gates of channels, then of pixels.</summary>
internal static class Cbam
{
    private const int Reduction = 16;
    private const int SpatialKernel = 7;
    private const double SpatialMomentum = 0.01;

    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("cifar_cbam_resnext29_8x64d", 8),
        Row("cifar_cbam_resnext29_16x64d", 16),
    ];

    private static Func<Value, Value> Declare(Scope block, int channels, int extent)
    {
        var gateChannels = ChannelGate(block["cbam_module.ChannelGate.mlp"], channels);
        var gatePixels = SpatialGate(block["cbam_module.SpatialGate.spatial"]);
        return x => gatePixels(gateChannels(x));
    }

    /// <summary>One perceptron on the means and on the maxima of the channels.</summary>
    private static Func<Value, Value> ChannelGate(Scope s, int channels)
    {
        var squeeze = Declared.Linear(s[1], channels, channels / Reduction);
        var excite = Declared.Linear(s[3], channels / Reduction, channels);
        Value Vote(Value pooled) => excite(squeeze(pooled.Flatten()).Relu());
        return x =>
        {
            var votes = Vote(x.GlobalAveragePool()).Plus(Vote(x.GlobalMaxPool()));
            return x.Times(votes.Sigmoid().Reshape(new Shape(x.Shape.N, channels, 1, 1)));
        };
    }

    /// <summary>A convolution on maximum and mean over the channels, in that order.</summary>
    private static Func<Value, Value> SpatialGate(Scope s)
    {
        var conv = Declared.Conv(s["conv"], inputs: 2, channels: 1, SpatialKernel, initial: Initializer.KaimingFanIn);
        var norm = Declared.Norm(s["bn"], channels: 1, SpatialMomentum);
        return x =>
        {
            var plane = new Shape(x.Shape.N, 1, x.Shape.H, x.Shape.W);
            return x.Times(norm(conv(x.Max(1).Reshape(plane).Concat(axis: 1, x.Mean(1).Reshape(plane)))).Sigmoid());
        };
    }

    private static ModelRow Row(string name, int cardinality)
    {
        var body = new GroupedResNeXt(cardinality, Depth: 29, BaseWidth: 64) { Attention = Declare };
        return CifarRow.Of(name, "cbam", body.Build, "arXiv:1807.06521");
    }
}
