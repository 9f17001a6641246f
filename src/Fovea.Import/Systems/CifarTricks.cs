using Fovea.Import.Foreign;

namespace Fovea.Import.Systems;

/// <summary>pprp/pytorch-cifar-tricks: a flat YAML of the arguments of <c>tools/train.py</c>.</summary>
/// <remarks>Facts of https://github.com/pprp/pytorch-cifar-tricks: lib/utils/args.py, lib/optim, lib/scheduler, lib/dataset, lib/core.</remarks>
internal sealed record CifarTricks : ForeignSystem
{
    private const string Transforms = "augment.transforms";
    private const string Mixing = "augment.mixing";

    public override string Name => "pytorch-cifar-tricks";

    public override string Address => "https://github.com/pprp/pytorch-cifar-tricks";

    public override string Note => 
        "there the defaults of its command line win over the file; here the file does; a file without dataset is of CIFAR-10 here, there of MNIST";

    public override string ModelKey => "model";

    public override string BatchKey => "bs";

    internal override bool KeysAreFlags => true;

    internal override ModelNames Models { get; } = new(
        ("wideresnet", "cifar_wideresnet40_10"),
        ("vgg11", "cifar_vgg"),
        (@"ResNeXt29_2x64d", "cifar_resnext"),
        (@"PreActResNet18", "cifar_preact_resnet"),
        (@"PreActResNet(\d+)", "cifar_preact_resnet$1"),
        ("densenet_cifar", "cifar_densenet"),
        ("vit", "cifar_vision_transformer"),
        ("convnext_tiny", "cifar_convnext"),
        ("RegNetX_200MF", "cifar_regnet"),
        ("pnasnetb", "cifar_pnasnet"),
        (@"swin_([tsb])", "cifar_swin_$1"),
        (@"(\w+)", "cifar_$1"));

    internal override IReadOnlyList<ForeignKey> Keys { get; } =
    [
        .. ForeignKey.AllWithout("--out says where the run is", "name", "config"),
        .. ForeignKey.AllWithout("of the device; here the processor computes", "gpu", "nw", "half", "amp"),
        ForeignKey.Text("model", "lenet"),
        ForeignKey.Text("dataset", "cifar10"),
        ForeignKey.Without("root", "where images are is said by --data"),
        ForeignKey.Without("geno", "of its search for architectures"),
        ForeignKey.Flag("fast"),
        ForeignKey.Count("bs", 32),
        ForeignKey.Whole("seed", 666),
        ForeignKey.Whole("epochs", 20),
        ForeignKey.Number("lr", 0.1),
        ForeignKey.Text("optims", "sgd"),
        ForeignKey.Text("sched", "multistep"),
        ForeignKey.Text("crit", "ce"),
        ForeignKey.Text("milestones", "60,120,160"),
        ForeignKey.Number("gamma", 0.5),
        ForeignKey.Number("momentum", 0.9),
        ForeignKey.Number("weight_decay", 5e-4),
        ForeignKey.Flag("nesterov"),
        ForeignKey.Number("gradient_clip", 2),
        ForeignKey.Flag("ricap"),
        ForeignKey.Number("ricap_beta", 0.3),
        ForeignKey.Flag("random_erase"),
        ForeignKey.Number("random_erase_prob", 0.5),
        ForeignKey.Number("random_erase_sl", 0.02),
        ForeignKey.Number("random_erase_sh", 0.4),
        ForeignKey.Number("random_erase_r", 0.3),
        ForeignKey.Flag("autoaugmentation"),
        ForeignKey.Flag("cutout"),
        ForeignKey.Flag("mixup"),
        ForeignKey.Number("mixup_alpha", 1),
        ForeignKey.Flag("cutmix"),
        ForeignKey.Number("cutmix_prob", 0.5),
        ForeignKey.Number("beta", 1),
        ForeignKey.Number("smooth_factor", 0.2),
    ];

    internal override void Translate(Translation translation)
    {
        var file = new ForeignSection(translation, "", translation.Tree.Root, Keys);
        Models.Translate(translation, file["model"]);
        Images(translation, file);
        Augment(translation, file);
        Mixes(translation, file);
        CifarTricksRules.Translate(translation, file);
        translation.Set(file["epochs"], "train.epochs", file["epochs"].Whole);
        translation.Set(file["bs"], "train.batch_size", file["bs"].Whole);
        translation.Set(file["seed"], "train.seed", file["seed"].Whole);
        if (file["gradient_clip"].Number > 0) translation.Set(file["gradient_clip"], "train.clip_gradient_norm", file["gradient_clip"].Number);
        else translation.Idle(file["gradient_clip"], "nothing is clipped");
        if (file["fast"].Flag) translation.Set(file["fast"], "data.fraction", 0.3, "of each class; there the first of all images, of evaluation, too");
        else translation.Idle(file["fast"], "all images");
        file.Rest("it is not read beside the other values of this file");
    }

    private static void Images(Translation translation, ForeignSection file)
    {
        if (file["dataset"].Text is not ("cifar10" or "cifar100" or "mnist")) translation.Wrong(file["dataset"], "cifar10, cifar100 or mnist");
        var (name, mean, std) = file["dataset"].Text switch
        {
            "cifar100" => ("CIFAR-100's", new[] { 0.5071, 0.4865, 0.4409 }, new[] { 0.1942, 0.1918, 0.1958 }),
            "mnist" => ("MNIST's", [0.1307], [0.3081]),
            _ => ("CIFAR-10's", [0.4914, 0.4822, 0.4465], [0.2023, 0.1994, 0.2010]),
        };
        translation.Set(file["dataset"], "data.mean", mean, $"{name}; the images are those of --data");
        translation.Set(file["dataset"], "data.std", std);
        translation.Set(file["dataset"], "data.image_size", file["dataset"].Text == "mnist" ? 28 : 32);
    }

    private static void Augment(Translation translation, ForeignSection file)
    {
        translation.Always($"{Transforms}[0].kind", "random_crop", "with 4 pixels of black around");
        translation.Always($"{Transforms}[1].kind", "horizontal_flip", "half of the time");
        if (file["random_erase"].Flag)
        {
            var item = translation.Add(file["random_erase"], Transforms, "random_erasing");
            translation.Set(file["random_erase_prob"], $"{item}.probability", file["random_erase_prob"].Number);
            translation.Set(file["random_erase_sl"], $"{item}.min_area", file["random_erase_sl"].Number);
            translation.Set(file["random_erase_sh"], $"{item}.max_area", file["random_erase_sh"].Number);
            translation.Set(file["random_erase_r"], $"{item}.min_ratio", file["random_erase_r"].Number);
        }
        else translation.Idle(file["random_erase"], "never");

        var policy = file["autoaugmentation"];
        if (policy.Flag && file["random_erase"].Flag) translation.Idle(policy, "random_erase comes first, and leaves it out there");
        else if (policy.Flag) translation.Set(policy, $"{translation.Add(policy, Transforms, "auto_augment")}.policy", "cifar10");
        else translation.Idle(policy, "never");
        var cutout = file["cutout"];
        if (cutout.Flag) translation.Set(cutout, $"{translation.Add(cutout, Transforms, "cutout")}.length", 8, "one square of 8 pixels, as there");
        else translation.Idle(cutout, "never");
    }

    /// <summary>Of several, the first is done; the others wait for it to be off.</summary>
    private static void Mixes(Translation translation, ForeignSection file)
    {
        (string Flag, string Option, string Key)[] all = [("ricap", "beta", "ricap_beta"), ("mixup", "alpha", "mixup_alpha"), ("cutmix", "alpha", "beta")];
        var isTaken = false;
        foreach (var (flag, option, key) in all)
        {
            if (!file[flag].Flag || isTaken)
            {
                translation.Idle(file[flag], file[flag].Flag ? "another mix comes first, as there" : "never");
                continue;
            }

            isTaken = true;
            var item = translation.Add(file[flag], Mixing, flag);
            translation.Set(file[key], $"{item}.{option}", file[key].Number);
            if (flag == "cutmix") translation.Set(file["cutmix_prob"], $"{item}.probability", file["cutmix_prob"].Number);
        }
    }
}
