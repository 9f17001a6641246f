using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.Cifar;

/// <summary>The study of spatial pyramid pooling (He et al. 2014, arXiv:1406.4729) as attention in ResNeXt-11, 20 and 29 of 16 groups.</summary>
/// <remarks>
/// N has none, A, B and C pool with a kernel of 3, 5 or 7, D with all three. The public registry builds all of A to D without their pooling;
/// the plain names are those nets, and <c>…_spp</c> the ones that the names intend.
/// </remarks>
internal static class SppNet
{
    private static readonly (string Letter, int[] Kernels)[] s_variants = [("A", [3]), ("B", [5]), ("C", [7]), ("D", [3, 5, 7])];

    internal static IReadOnlyList<ModelRow> Rows { get; } = [.. ((int[])[11, 20, 29]).SelectMany(RowsOf)];

    private static IEnumerable<ModelRow> RowsOf(int depth)
    {
        yield return Row($"cifar_spp_d{depth}_pN", depth, []);
        foreach (var (letter, _) in s_variants) yield return Row($"cifar_spp_d{depth}_p{letter}", depth, []);
        foreach (var (letter, kernels) in s_variants) yield return Row($"cifar_spp_d{depth}_p{letter}_spp", depth, kernels);
    }

    /// <summary>Half of the channels beside their maxima over each kernel, joined by a 1×1 convolution.</summary>
    private static Func<Value, Value> Declare(Scope block, int channels, int[] kernels)
    {
        var s = block["spp_module"];
        var first = Layer(s["cv1"], channels, channels / 2);
        var second = Layer(s["cv2"], channels / 2 * (kernels.Length + 1), channels);
        return x =>
        {
            var half = first(x);
            var maxima = kernels.Select(kernel => half.MaxPool(kernel, stride: 1, padding: kernel / 2)).ToArray();
            return second(half.Concat(axis: 1, maxima));
        };
    }

    private static Func<Value, Value> Layer(Scope s, int inputs, int channels)
    {
        var conv = Declared.Conv(s["conv"], inputs, channels, kernel: 1, initial: Initializer.KaimingFanIn);
        var norm = Declared.Norm(s["bn"], channels);
        return x => norm(conv(x)).Silu();
    }

    private static ModelRow Row(string name, int depth, int[] kernels)
    {
        var body = new GroupedResNeXt(Cardinality: 16, depth, BaseWidth: 8);
        if (kernels.Length > 0) body = body with { Attention = (s, channels, _) => Declare(s, channels, kernels) };
        return CifarRow.Of(name, "spp", body.Build, "arXiv:1406.4729");
    }
}
