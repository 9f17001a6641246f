using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.Cifar;

/// <summary>GE-θ⁺ ResNeXt-29 (Hu et al. 2018, arXiv:1810.12348 §3.3): a depthwise convolution as large as the image gathers what gates it.</summary>
internal static class GatherExcite
{
    private const int Reduction = 16;

    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("cifar_ge_resnext29_8x64d", 8),
        Row("cifar_ge_resnext29_16x64d", 16),
    ];

    private static Func<Value, Value> Declare(Scope block, int channels, int extent)
    {
        var (s, initial) = (block["ge_module"], Initializer.KaimingFanIn);
        var gather = Declared.Conv(s["downop.dwconv"], channels, channels, extent, padding: 0, groups: channels, initial: initial);
        var norm = Declared.Norm(s["downop.bn"], channels);
        var squeeze = Declared.Conv(s["mlp"][0], channels, channels / Reduction, kernel: 1, initial: initial);
        var excite = Declared.Conv(s["mlp"][2], channels / Reduction, channels, kernel: 1, initial: initial);
        return x => x.Times(excite(squeeze(norm(gather(x))).Relu()).Sigmoid());
    }

    private static ModelRow Row(string name, int cardinality)
    {
        var body = new GroupedResNeXt(cardinality, Depth: 29, BaseWidth: 64) { Attention = Declare };
        return CifarRow.Of(name, "genet", body.Build, "arXiv:1810.12348");
    }
}
