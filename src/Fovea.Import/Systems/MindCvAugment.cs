using Fovea.Import.Foreign;

namespace Fovea.Import.Systems;

/// <summary>What MindCV does to training images, in its order.</summary>
internal static class MindCvAugment
{
    private const string Transforms = "augment.transforms";
    private const string Mixing = "augment.mixing";

    /// <summary>A data set whose images MindCV treats in a way of its own.</summary>
    internal sealed record Preset(double[] Mean, double[] Std, bool Augments);

    /// <summary>The way of the file's data set; null for the usual one.</summary>
    internal static Preset? PresetOf(ForeignSection file) => file["dataset"].Text.ToLowerInvariant() switch
    {
        "cifar10" or "cifar100" => new([0.4914, 0.4822, 0.4465], [0.2023, 0.1994, 0.2010], Augments: true),
        "mnist" => new([0.1307], [0.3081], Augments: false),
        _ => null,
    };

    internal static void Translate(Translation translation, ForeignSection file)
    {
        translation.Draft.Set(Transforms, Array.Empty<string>(), translation.Tree.File);
        if (PresetOf(file) is { } preset) Fixed(translation, preset);
        else Usual(translation, file);
        Mixes(translation, file);
        if (file["aug_splits"].Whole > 0) translation.Cannot(file["aug_splits"], "there is no loss of several views of each image");
        else translation.Idle(file["aug_splits"], "none");
        if (file["aug_repeats"].Whole > 1) translation.Set(file["aug_repeats"], "augment.repeats", file["aug_repeats"].Whole);
        else translation.Idle(file["aug_repeats"], "none");
    }

    private static void Fixed(Translation translation, Preset preset)
    {
        if (!preset.Augments) return;
        translation.Always($"{Transforms}[0].kind", "random_crop", "MindCV's for CIFAR, with 4 pixels of black around");
        translation.Always($"{Transforms}[1].kind", "horizontal_flip", "MindCV's for CIFAR");
    }

    private static void Usual(Translation translation, ForeignSection file)
    {
        var crop = translation.Draft.Add(Transforms, "random_resized_crop", translation.Tree.File);
        TimmRules.Pair(translation, file["scale"], $"{crop}.min_scale", $"{crop}.max_scale");
        TimmRules.Pair(translation, file["ratio"], $"{crop}.min_ratio", $"{crop}.max_ratio");
        TimmRules.Chance(translation, file["hflip"], "horizontal_flip");
        TimmRules.Chance(translation, file["vflip"], "vertical_flip");
        Colours(translation, file);
        Erasing(translation, file);
    }

    /// <summary>A policy, or else changes of brightness, contrast and saturation.</summary>
    private static void Colours(Translation translation, ForeignSection file)
    {
        var (policy, jitter) = (file["auto_augment"], file["color_jitter"]);
        if (policy.Text.Length > 0)
        {
            Policy(translation, policy);
            translation.Idle(jitter, "auto_augment takes its place");
            return;
        }

        translation.Idle(policy, "none");
        TimmRules.Jitter(translation, jitter);
    }

    private static void Policy(Translation translation, ForeignValue policy)
    {
        var (name, dash) = policy.Text.Split('-', 2) is [var first, var rest] ? (first, "-" + rest) : (policy.Text, "");
        switch (name)
        {
            case "randaug": Configured("rand_augment", "rand" + dash); break;
            case "autoaug" or "autoaugr":
                Configured("auto_augment", (name == "autoaug" ? "original" : "originalr") + (dash.Length > 0 ? dash : "-mstd0.5"));
                break;
            case "3a": translation.Add(policy, Transforms, "three_augment"); break;
            case "trivialaugwide": translation.Set(policy, $"{translation.Add(policy, Transforms, "trivial_augment_wide")}.outside", "mean"); break;
            case "augmix": translation.Add(policy, Transforms, "aug_mix", "with its defaults"); break;
            default: translation.Cannot(policy, $"there is no policy '{name}'"); break;
        }

        void Configured(string kind, string config) => translation.Set(policy, $"{translation.Add(policy, Transforms, kind)}.config", config);
    }

    private static void Erasing(Translation translation, ForeignSection file)
    {
        var chance = file["re_prob"];
        if (chance.Number <= 0)
        {
            translation.Idle(chance, "never");
            return;
        }

        var item = translation.Add(chance, Transforms, "random_erasing");
        translation.Set(chance, $"{item}.probability", chance.Number);
        TimmRules.Pair(translation, file["re_scale"], $"{item}.min_area", $"{item}.max_area");
        var ratio = file["re_ratio"];
        if (TimmRules.Counted(translation, ratio) is [var least, var most])
            translation.Set(
                ratio, $"{item}.min_ratio", least,
                $"and at most 1 / {Translation.Figure(least)} = {Translation.Figure(1 / least)}, there {Translation.Figure(most)}");
        translation.Set(file["re_value"], $"{item}.fill", file["re_value"].Text == "random" ? "pixel" : "mean");
    }

    /// <summary>Of both together each is done half of the time; the probability is that of either.</summary>
    private static void Mixes(Translation translation, ForeignSection file)
    {
        var (mixup, cutmix, chance) = (file["mixup"], file["cutmix"], file["cutmix_prob"]);
        ForeignValue[] used = [.. new[] { mixup, cutmix }.Where(mix => mix.Number > 0)];
        foreach (var mix in new[] { mixup, cutmix }.Except(used)) translation.Idle(mix, "never");
        if (used.Length == 0 || chance.Number <= 0)
        {
            foreach (var mix in used) translation.Idle(mix, "never, since cutmix_prob is 0");
            translation.Idle(chance, used.Length == 0 ? "nothing is mixed" : "nothing is mixed then");
            return;
        }

        foreach (var mix in used)
        {
            var item = translation.Add(mix, Mixing, mix.Key.Name);
            translation.Set(mix, $"{item}.alpha", mix.Number);
            translation.Set(chance, $"{item}.probability", chance.Number / used.Length, used.Length > 1 ? "half of it each" : "");
        }
    }
}
