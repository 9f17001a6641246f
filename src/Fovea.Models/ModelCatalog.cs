using Fovea.Models.Building;
using Fovea.Models.Cifar;
using Fovea.Models.ImageNet;
using Fovea.Naming;

namespace Fovea.Models;

/// <summary>The models that can be named.</summary>
public static class ModelCatalog
{
    /// <summary>All rows, family by family.</summary>
    public static IReadOnlyList<ModelRow> All { get; } =
    [
        .. AlignedXception.Rows,
        .. CoAtNet.Rows,
        .. ConvNeXt.Rows,
        .. DarkNet.Rows,
        .. DenseNet.Rows,
        .. Dla.Rows,
        .. Dpn.Rows,
        .. EfficientNet.Rows,
        .. EfficientNetV2.Rows,
        .. FastVit.Rows,
        .. GhostNet.Rows,
        .. GoogLeNet.Rows,
        .. InceptionResNetV2.Rows,
        .. InceptionV3.Rows,
        .. InceptionV4.Rows,
        .. MixNet.Rows,
        .. MnasNet.Rows,
        .. MobileNetV1.Rows,
        .. MobileNetV2.Rows,
        .. MobileNetV3.Rows,
        .. MobileNetV4.Rows,
        .. MobileOne.Rows,
        .. MobileVit.Rows,
        .. NasNet.Rows,
        .. PNasNet.Rows,
        .. RegNetRows.All,
        .. RepOptGhostNet.Rows,
        .. RepOptVgg.Rows,
        .. RepVgg.Rows,
        .. RepVit.Rows,
        .. ResNet.Rows,
        .. ResNetV2.Rows,
        .. ShuffleNetV1.Rows,
        .. ShuffleNetV2.Rows,
        .. SqueezeNet.Rows,
        .. SwinTransformer.Rows,
        .. SwinTransformerV2.Rows,
        .. Vgg.Rows,
        .. VisionTransformer.Rows,
        .. Xception.Rows,
        .. Cbam.Rows,
        .. CifarCoAtNet.Rows,
        .. CifarConvNeXt.Rows,
        .. CifarCvt.Rows,
        .. CifarDenseNet.Rows,
        .. CifarDla.Rows,
        .. CifarDpn.Rows,
        .. CifarEfficientNet.Rows,
        .. CifarGoogLeNet.Rows,
        .. CifarInceptionResNetV2.Rows,
        .. CifarInceptionV3.Rows,
        .. CifarInceptionV4.Rows,
        .. CifarMobileNet.Rows,
        .. CifarMobileVit.Rows,
        .. CifarNasNet.Rows,
        .. CifarPNasNet.Rows,
        .. CifarRegNet.Rows,
        .. CifarResNeXt.Rows,
        .. CifarResNet.Rows,
        .. CifarResNet18.Rows,
        .. CifarSeNet.Rows,
        .. CifarShuffleNet.Rows,
        .. CifarShuffleNetV2.Rows,
        .. CifarSqueezeNet.Rows,
        .. CifarSwin.Rows,
        .. CifarVgg.Rows,
        .. CifarVisionTransformer.Rows,
        .. CifarWideResNet.Rows,
        .. CifarXception.Rows,
        .. DawnNet.Rows,
        .. Airbench.Rows,
        .. GatherExcite.Rows,
        .. LeNet.Rows,
        .. PreActResNet.Rows,
        .. PyramidNet.Rows,
        .. ResNetInResNet.Rows,
        .. ResidualAttention.Rows,
        .. ShakeResNet.Rows,
        .. SkNet.Rows,
        .. SppNet.Rows,
        .. StochasticDepthResNet.Rows,
        .. ToyNet.Rows,
    ];

    /// <summary>The row of that name.</summary>
    /// <exception cref="ModelException">There is none; the message names those that may be meant.</exception>
    public static ModelRow Find(string name) => TryFind(name) ??
        throw new ModelException($"there is no model '{name}'{Hint(name)} ('fovea models' lists all {All.Count})");

    /// <summary>The row of that name or alias, or null.</summary>
    public static ModelRow? TryFind(string name) => All.FirstOrDefault(row => row.Name == name) ?? All.FirstOrDefault(row => row.Aliases.Contains(name));

    /// <summary>The graph of the model of that name; see <see cref="ModelRow.Build"/>.</summary>
    /// <exception cref="ModelException">There is no such model, or it cannot take the options.</exception>
    public static Graphs.Graph Build(string name, ModelOptions? options = null, int batch = 1) => Find(name).Build(options, batch);

    /// <summary>Names that hold the text, or whose family does; without any, the nearest; or nothing.</summary>
    private static string Hint(string text)
    {
        var (rows, most) = (All.Where(row => row.Holds(text)).ToList(), 5);
        if (text.Length == 0 || rows.Count == 0) return NearestName.Hint(text, All.Select(row => row.Name));
        var rest = rows.Count > most ? $" and {rows.Count - most} more" : "";
        return $"; with '{text}' in name or family there are {string.Join(", ", rows.Take(most).Select(row => row.Name))}{rest}";
    }
}
