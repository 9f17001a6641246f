using System.Text;
using Fovea.Import;
using Fovea.Training.Recipes;

namespace Fovea.Hostile.Subjects;

/// <summary>
/// Configurations of other systems that are right but for some places: keys, values, names for values, lines that stand twice or in another order.
/// </summary>
public sealed class ForeignTexts : Subject
{
    private static readonly string[][] s_files =
    [
        [
            "dataset: imagenet", "batch_size: 32", "image_resize: 64", "model: resnet18", "epoch_size: 5", "opt: momentum", "lr: 0.1",
            "scheduler: cosine_decay", "warmup_epochs: 1", "mixup: 0.2", "scale: [0.08, 1.0]", "auto_augment: randaug-m9-mstd0.5",
            "multi_step_decay_milestones: [2, 3]", "ema: True",
        ],
        [
            "Global: {epochs: 5, update_freq: 2}", "Arch: {name: ResNet18, class_num: 3}", "Loss: {Train: [{CELoss: {weight: 1.0, epsilon: 0.1}}]}",
            "Optimizer: {name: AdamW, lr: {name: Cosine, learning_rate: 1e-3, warmup_epoch: 1}, no_weight_decay_name: norm bias}",
            "DataLoader: {Train: {dataset: {name: ImageNetDataset, transform_ops: [{RandCropImage: {size: 64}}, {NormalizeImage: {scale: 1.0/255.0}}]}, "
                + "sampler: {batch_size: 4}}}",
        ],
        [
            "ARCHITECTURE: {name: ResNet18}", "LEARNING_RATE: {function: Piecewise, params: {lr: 0.1, decay_epochs: [2, 3]}}",
            "OPTIMIZER: {function: Momentum}", "epochs: 5", "use_mix: True",
            "TRAIN: {batch_size: 8, transforms: [{RandCropImage: {size: 64}}], mix: [{MixupOperator: {alpha: 0.2}}]}",
        ],
        [
            "DATA: {IMG_SIZE: 64, BATCH_SIZE: 8}", "MODEL: {ARCH: RepVGG-A0}", "TRAIN: {EPOCHS: 5, LR_SCHEDULER: {NAME: step}, EMA_ALPHA: 0.001}",
            "AUG: {MIXUP: 0.2, CUTMIX_MINMAX: [0.2, 0.8]}", "SEED: 1",
        ],
        ["model: ResNet18", "bs: 8", "epochs: 5", "optims: asam", "sched: warmcosine", "milestones: 2,3", "cutmix: True", "crit: lsr", "nw: 4"],
        [
            "model: resnet18", "sched: poly", "opt: lookahead_adamw", "lr_base: 0.1", "aa: augmix", "input_size: [3, 64, 64]", "epochs: 5",
            "cutmix_minmax: [0.2, 0.9]",
        ],
        [
            "[net]", "batch= 8", "subdivisions= 2", "width= 16", "height= 16", "channels= 3", "max_batches= 10", "policy= steps", "steps= 2,3", "scales= .1,.1",
            "mixup= 4", "label_smooth_eps= 0.1", "[convolutional]", "filters= 3", "size= 1", "[avgpool]", "[softmax]", "groups= 1",
        ],
    ];

    /// <inheritdoc/>
    public override string Name => "foreign";

    /// <inheritdoc/>
    public override byte[] Make(Choices choices)
    {
        var lines = choices.Of<string[]>(s_files).ToList();
        for (var i = choices.Between(0, 4); i > 0; i--)
        {
            var at = choices.Below(lines.Count);
            lines[at] = choices.OneIn(8)
                ? choices.Of("&a", "a: &a [*a]", "? x", "- 1", "\t", "lr: *b", "b: &b {c: 1}", "x: !!python/object:os.system 1")
                : Changed(choices, lines[at]);
            if (choices.OneIn(12)) lines.Insert(at, lines[at]);
        }

        if (choices.OneIn(60)) lines.Add("deep: " + string.Concat(Enumerable.Repeat("{a: ", choices.Of(10, 20, 5000))));
        if (choices.OneIn(60)) AddMany(choices, lines);
        return Encoding.UTF8.GetBytes(string.Join('\n', lines));
    }

    /// <inheritdoc/>
    public override void Read(byte[] file) => RecipeImport.Parse(Encoding.UTF8.GetString(file), "hostile.yaml");

    /// <inheritdoc/>
    public override bool Refuses(Exception failure) => failure is RecipeException;

    /// <summary>Keys that nobody knows, at the top or below a section.</summary>
    private static void AddMany(Choices choices, List<string> lines)
    {
        var (section, count) = (choices.Of("", "DATA:", "TRAIN:", "Optimizer:", "Arch:", "LEARNING_RATE:"), choices.Of(10, 1000, 60_000));
        if (section.Length > 0)
        {
            lines.RemoveAll(line => line.StartsWith(section, StringComparison.Ordinal));
            lines.Add(section);
        }

        lines.AddRange(Enumerable.Range(0, count).Select(i => section.Length > 0 ? $"  k{i}: {i}" : $"k{i}: {i}"));
    }

    /// <summary>A word of a line that is replaced.</summary>
    private static string Changed(Choices choices, string line)
    {
        var words = line.Split(' ');
        var at = choices.Below(words.Length);
        words[at] = choices.Of(
            "1e400", "-1", "0", "1/0", "9999999999", "nan", "None", "null", "[]", "{}", "true", "''", "x.y", "[1, 2", "}", "0.5", "1.0/3.0", "resnet50",
            "volo_d1", "-5",
            choices.Number().ToString(System.Globalization.CultureInfo.InvariantCulture), new string('7', choices.Of(3, 50, 400)),
            words[choices.Below(words.Length)]);
        return string.Join(' ', words);
    }
}
