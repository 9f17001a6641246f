using Fovea.Import.Foreign;

namespace Fovea.Import.Systems;

/// <summary>MindCV: a flat YAML of the arguments of its <c>train.py</c>, over their defaults.</summary>
/// <remarks>
/// Facts of https://github.com/mindspore-lab/mindcv: config.py (arguments), mindcv/scheduler, mindcv/optim, mindcv/data (factories),
/// mindcv/utils/train_step.py.
/// </remarks>
internal sealed record MindCv : ForeignSystem
{
    public override string Name => "MindCV";

    public override string Address => "https://github.com/mindspore-lab/mindcv";

    public override string Note => "flags beat the file, which beats MindCV's defaults, as there";

    internal override IReadOnlyList<ForeignKey> Keys => MindCvKeys.All;

    public override string ModelKey => "model";

    public override string BatchKey => "batch_size";

    internal override bool KeysAreFlags => true;

    internal override ModelNames Models { get; } = new(
        (@"mobilenet_v1_(\d+)", "mobilenetv1_$1"),
        (@"mobilenet_v2_(\d+)", "mobilenetv2_$1"),
        (@"mobilenet_v2_(\d{3})_224", "mobilenetv2_$1"),
        (@"mobilenet_v3_(small|large)_(\d+)", "mobilenetv3_$1_$2"),
        (@"mobilevit_(xx|x)_small", "mobilevit_$1s"),
        ("mobilevit_small", "mobilevit_s"),
        ("mnasnet_130", "mnasnet1_3"),
        (@"nasnet_a_4x1056", "nasnet_a_4x1056"),
        (@"pnasnet", "pnasnet5large"),
        (@"regnet_([xy])_(\d)00mf", "regnet$1_00$2"),
        (@"regnet_([xy])_1_6gf", "regnet$1_016"),
        (@"regnet_([xy])_3_2gf", "regnet$1_032"),
        (@"regnet_([xy])_4_0gf", "regnet$1_040"),
        (@"regnet_([xy])_6_4gf", "regnet$1_064"),
        (@"regnet_([xy])_8_0gf", "regnet$1_080"),
        (@"regnet_([xy])_(1[26]|32)gf", "regnet$1_${2}0"),
        (@"seresnext26_32x4d", "seresnext26_32x4d"),
        (@"shufflenet_v1_g3_(05|10)", "shufflenet_v1_g3_$1"),
        (@"swin_tiny", "swin_tiny_patch4_window7_224"),
        (@"swinv2_tiny_window8", "swinv2_tiny_window8_256"),
        (@"vit_b_(16|32)_(224|384)", "vit_base_patch$1_$2"),
        (@"vit_l_(16|32)_(224|384)", "vit_large_patch$1_$2"),
        ("xception", "legacy_xception"),
        (@"BiT_resnet(\d+)", "resnetv2_$1x1_bit"),
        (@"BiT_resnet(\d+)x(\d)", "resnetv2_$1x$2_bit"));

    internal override void Translate(Translation translation)
    {
        var file = new ForeignSection(translation, "", translation.Tree.Root, MindCvKeys.All);
        var model = Models.Translate(translation, file["model"]);
        MindCvModel.Translate(translation, file, model);
        MindCvImages.Translate(translation, file);
        MindCvAugment.Translate(translation, file);
        MindCvOptimizer.Translate(translation, file);
        MindCvSchedule.Translate(translation, file);
        MindCvCourse.Translate(translation, file);
        file.Rest("MindCV does not read it beside the other values of this file");
    }
}
