using Fovea.Import.Foreign;

namespace Fovea.Import.Systems;

/// <summary>How PaddleClas spells models.</summary>
internal static class PaddleModels
{
    internal static ModelNames Names { get; } = new(
        (@"ResNet(\d+)_vd", "resnet$1d"),
        (@"ResNet(\d+)_vc", "resnet$1c"),
        (@"ResNeXt(\d+)_vd_(\d+x\d+d)", "resnext$1d_$2"),
        (@"ResNeXt101_32x(\d+)d_wsl", "resnext101_32x$1d"),
        (@"SE_ResNet(\d+)_vd", "seresnet$1d"),
        (@"SE_ResNeXt(\d+)_32x4d", "seresnext$1_32x4d"),
        (@"SE_ResNeXt(\d+)_vd_32x4d", "seresnext$1d_32x4d"),
        (@"SENet154_vd", "senet154d"),
        (@"MobileNetV([12])", "mobilenetv$1_100"),
        (@"MobileNetV([12])_x0_25", "mobilenetv$1_025"),
        (@"MobileNetV([12])_x0_75", "mobilenetv$1_075"),
        (@"MobileNetV([12])_x(\d)_(\d)", "mobilenetv$1_$2${3}0"),
        (@"MobileNetV3_(large|small)_x(\d)_(\d\d)", "mobilenetv3_$1_$2$3"),
        (@"MobileNetV3_(large|small)_x(\d)_(\d)", "mobilenetv3_$1_$2${3}0"),
        (@"MobileNetV4_(\w+)", "mobilenetv4_$1"),
        (@"MobileViT_(\w+)", "mobilevit_$1"),
        (@"EfficientNetB(\d)", "tf_efficientnet_b$1"),
        ("EfficientNetV2_S", "tf_efficientnetv2_s"),
        (@"InceptionV([34])", "inception_v$1"),
        (@"ShuffleNetV2_x(\d)_(\d+)", "shufflenet_v2_x$1_$2"),
        ("ShuffleNetV2_swish", "shufflenet_v2_swish"),
        (@"RegNetX_(\d)00MF", "regnetx_00$1"),
        (@"RegNetX_(\d)(\d)00MF", "regnetx_0$1$2"),
        (@"RegNetX_(\d)GF", "regnetx_0${1}0"),
        (@"RegNetX_(\d\d)GF", "regnetx_${1}0"),
        (@"SwinTransformer_(\w+)", "swin_$1"),
        (@"SwinTransformerV2_(\w+)_patch4_window(\w+)", "swinv2_$1_window$2"),
        (@"DeiT_(base|small|tiny)_patch16_(224|384)", "vit_$1_patch16_$2"),
        (@"DeiT_(base|small|tiny)_distilled_patch16_(224|384)", "deit_$1_distilled_patch16_$2"),
        (@"GhostNet_x(\d)_(\d)", "ghostnet_$1${2}0"),
        (@"ConvNeXt_(base|large)_(224|384)", "convnext_$1"));
}
