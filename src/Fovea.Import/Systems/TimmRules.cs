using Fovea.Import.Foreign;

namespace Fovea.Import.Systems;

/// <summary>What timm's transforms and mixes are here; other systems call them, too.</summary>
internal static class TimmRules
{
    private const string Transforms = "augment.transforms";
    private const string Mixing = "augment.mixing";

    /// <summary>What the numbers of a jitter change, in their order.</summary>
    private static readonly string[] s_changes = ["brightness", "contrast", "saturation", "hue"];

    /// <summary>What random erasing fills with, by timm's names.</summary>
    private static readonly IReadOnlyDictionary<string, string> s_fills = new Dictionary<string, string>
    {
        ["const"] = "mean", ["rand"] = "color", ["pixel"] = "pixel",
    };

    /// <summary>Two numbers, or as many as are wanted; null where there are none, and where there are others, which is told.</summary>
    internal static IReadOnlyList<double>? Counted(Translation translation, ForeignValue numbers, int count = 2)
    {
        if (numbers.IsNull) return null;
        if (numbers.Numbers.Count == count) return numbers.Numbers;
        translation.Wrong(numbers, count == 2 ? "two numbers" : $"{count} numbers");
        return null;
    }

    /// <summary>Two numbers, the least and the most.</summary>
    internal static void Pair(Translation translation, ForeignValue pair, string low, string high)
    {
        if (Counted(translation, pair) is not [var least, var most]) return;
        translation.Set(pair, low, Math.Round(least, 9));
        translation.Set(pair, high, Math.Round(most, 9));
    }

    /// <summary>A transform with a probability that is a key; none where that is 0.</summary>
    internal static void Chance(Translation translation, ForeignValue chance, string kind)
    {
        if (chance.Number <= 0) translation.Idle(chance, "never");
        else translation.Set(chance, $"{translation.Add(chance, Transforms, kind)}.probability", chance.Number);
    }

    /// <summary>A policy, or else changes of brightness, contrast and saturation of a strength.</summary>
    internal static void Colours(Translation translation, ForeignValue policy, ForeignValue jitter, ForeignValue? chance = null)
    {
        if (policy.Text is { Length: > 0 } and not "none")
        {
            Policy(translation, policy);
            translation.Idle(jitter, $"{policy.Key.Name} takes its place");
            return;
        }

        translation.Idle(policy, "none");
        Jitter(translation, jitter, chance);
    }

    /// <summary>Changes of brightness, contrast, saturation and hue, of one strength or each of its own; none where all are 0.</summary>
    internal static void Jitter(Translation translation, ForeignValue jitter, ForeignValue? chance = null)
    {
        double[] strengths = jitter.Numbers is [var one] ? [one, one, one] : [.. jitter.Numbers];
        if (strengths.Length is 1 or 2 or > 4)
        {
            translation.Wrong(jitter, "a number, three for brightness, contrast and saturation, or a fourth for the hue");
            return;
        }

        if (strengths.All(strength => strength <= 0))
        {
            translation.Idle(jitter, "none");
            return;
        }

        var item = translation.Add(jitter, Transforms, "color_jitter");
        foreach (var (name, strength) in s_changes.Zip(strengths)) translation.Set(jitter, $"{item}.{name}", strength);
        if (chance is { IsNull: false }) translation.Set(chance, $"{item}.probability", chance.Number);
    }

    /// <summary>A policy as timm spells it.</summary>
    internal static void Policy(Translation translation, ForeignValue policy)
    {
        var name = policy.Text.Split('-')[0];
        switch (name)
        {
            case "rand": translation.Set(policy, $"{translation.Add(policy, Transforms, "rand_augment")}.config", policy.Text); break;
            case "original" or "originalr" or "v0" or "v0r":
                translation.Set(policy, $"{translation.Add(policy, Transforms, "auto_augment")}.config", policy.Text);
                break;
            case "3a": translation.Add(policy, Transforms, "three_augment"); break;
            case "augmix": translation.Add(policy, Transforms, "aug_mix", "with its defaults"); break;
            default: translation.Cannot(policy, $"there is no policy '{name}'"); break;
        }
    }

    /// <summary>Random erasing on the normalised numbers.</summary>
    internal static void Erasing(Translation translation, ForeignValue chance, ForeignValue mode, ForeignValue count)
    {
        if (chance.Number <= 0)
        {
            translation.Idle(chance, "never");
            return;
        }

        var item = translation.Add(chance, Transforms, "random_erasing");
        translation.Set(chance, $"{item}.probability", chance.Number);
        Fill(translation, mode, $"{item}.fill");
        translation.Set(count, $"{item}.count", Math.Max(1, count.Whole));
    }

    /// <summary>What erased places are filled with.</summary>
    internal static void Fill(Translation translation, ForeignValue mode, string option)
    {
        if (s_fills.TryGetValue(mode.Text.ToLowerInvariant(), out var fill)) translation.Set(mode, option, fill);
        else translation.Wrong(mode, $"one of {string.Join(", ", s_fills.Keys)}");
    }

    /// <summary>Mixup and CutMix: of both, each batch is mixed by one of them, by CutMix with the share of the switch.</summary>
    internal static void Mixes(
        Translation translation, ForeignValue mixup, ForeignValue cutmix, ForeignValue sides, ForeignValue chance, ForeignValue toCutMix, ForeignValue mode)
    {
        var hasSides = Counted(translation, sides) is not null;
        var (blends, cuts) = (mixup.Number > 0, cutmix.Number > 0 || hasSides);
        if (!blends) translation.Idle(mixup, "never");
        if (cutmix.Number <= 0) translation.Idle(cutmix, "never, or by the sides");
        if (!blends && !cuts) return;
        if (mode.Text is not ("batch" or "pair" or "elem" or "half")) translation.Wrong(mode, "batch, pair, elem or half");
        if (blends)
        {
            var item = translation.Add(mixup, Mixing, "mixup");
            translation.Set(mixup, $"{item}.alpha", mixup.Number);
            Share(translation, item, chance, toCutMix, cuts ? 1 - toCutMix.Number : 1, mode);
        }

        if (!cuts) return;
        var cut = translation.Add(hasSides ? sides : cutmix, Mixing, "cutmix");
        if (hasSides) Pair(translation, sides, $"{cut}.min_side", $"{cut}.max_side");
        else translation.Set(cutmix, $"{cut}.alpha", cutmix.Number);
        Share(translation, cut, chance, toCutMix, blends ? toCutMix.Number : 1, mode);
    }

    private static void Share(Translation translation, string item, ForeignValue chance, ForeignValue toCutMix, double share, ForeignValue mode)
    {
        translation.Set(
            chance, $"{item}.probability", Math.Round(chance.Number * share, 9),
            share < 1 ? $"{Translation.Figure(chance.Number)} · {Translation.Figure(share)}" : "");
        if (share < 1) translation.Same(toCutMix, $"{item}.probability");
        if (mode.Text is "elem" or "pair") translation.Set(mode, $"{item}.per_image", true);
        else if (mode.Text is "half") translation.Cannot(mode, "batches are mixed whole, not by halves");
        else translation.Same(mode, "a batch together");
    }
}
