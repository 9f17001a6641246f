using Fovea.Data.Augment;
using Fovea.Import.Foreign;
using Fovea.Training.Optimizers;
using Fovea.Training.Recipes;

namespace Fovea.Import.Tests;

/// <summary>Values that a system has not, each told with what is wanted; and those that it has, though nothing here does them.</summary>
public sealed class ValuesTests
{
    [Theory]
    [InlineData("mindcv", "re_ratio: 0.3", "re_ratio is '[0.3]'; wanted two numbers")]
    [InlineData("mindcv", "interpolation: bicubik", "interpolation is 'bicubik'; wanted one of nearest, area, bilinear, linear, bicubic, cubic, pilcubic")]
    [InlineData("mindcv", "weight_decay_filter: norm_bias", "weight_decay_filter is 'norm_bias'; wanted disable, auto or norm_and_bias")]
    [InlineData("timm", "opt_betas: [0.8]", "opt_betas is '[0.8]'; wanted two numbers")]
    [InlineData("timm", "clip_grad: 1\nclip_mode: foo", "clip_mode is 'foo'; wanted one of norm, value, agc")]
    [InlineData("timm", "aa: null\ncolor_jitter: [0.1, 0.2, 0.3, 0.4, 0.5]", "color_jitter is '[0.1, 0.2, 0.3, 0.4, 0.5]'; wanted a number, three for brightness")]
    [InlineData("timm", "train_crop_mode: rcc", "train_crop_mode is 'rcc'; wanted rrc, rkrc or rkrr")]
    [InlineData("timm", "remode: pixels", "remode is 'pixels'; wanted one of const, rand, pixel")]
    [InlineData("timm", "mixup_mode: pairs", "mixup_mode is 'pairs'; wanted batch, pair, elem or half")]
    [InlineData("timm", "cutmix_minmax: [0.2]", "cutmix_minmax is '[0.2]'; wanted two numbers")]
    [InlineData("timm", "lr_base_scale: root", "lr_base_scale is 'root'; wanted linear or sqrt")]
    [InlineData("timm", "interpolation: bicubik", "interpolation is 'bicubik'; wanted bilinear, bicubic")]
    [InlineData("cifar-tricks", "dataset: cifar", "dataset is 'cifar'; wanted cifar10, cifar100 or mnist")]
    public void Value_that_the_system_has_not_is_told_with_what_is_wanted(string name, string lines, string message) =>
        Assert.Contains(message, Assert.Throws<RecipeException>(() => With(name, lines)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("OPTIMIZER: {NAME: sgd, MOMENTUM: 0.9}", "OPTIMIZER: {NAME: adamw, BETAS: [0.9]}", "TRAIN.OPTIMIZER.BETAS is '[0.9]'; wanted two numbers")]
    [InlineData("AUG: {PRESET: weak, MIXUP: 0.0}", "AUG: {PRESET: weak, CUTMIX_MINMAX: [0.2, 0.3, 0.4]}", "AUG.CUTMIX_MINMAX is '[0.2, 0.3, 0.4]'; wanted two numbers")]
    public void Value_below_a_section_is_told_likewise(string right, string wrong, string message) => Assert.Contains(
        message,
        Assert.Throws<RecipeException>(() => RecipeImport.Parse(Samples.RepVgg.Replace(right, wrong, StringComparison.Ordinal), "x.yaml")).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("timm", "train_crop_mode: rrc", "train_crop_mode", ImportOutcome.Translated, "random_resized_crop")]
    [InlineData("timm", "train_crop_mode: rkrc", "train_crop_mode", ImportOutcome.Impossible, "none keeps its proportions")]
    [InlineData("timm", "mixup_mode: half", "mixup_mode", ImportOutcome.Impossible, "not by halves")]
    [InlineData("timm", "interpolation: bicubic\ntrain_interpolation: bilinear", "train_interpolation", ImportOutcome.Impossible, "one interpolation for all images")]
    [InlineData("timm", "interpolation: bicubic\ntrain_interpolation: bicubic", "train_interpolation", ImportOutcome.Meaningless, "that of evaluation")]
    [InlineData("timm", "native_amp: true", "native_amp", ImportOutcome.Meaningless, "of the device")]
    [InlineData("timm", "apex_amp: false", "apex_amp", ImportOutcome.Meaningless, "of the device")]
    [InlineData("timm", "num_gpu: 4", "num_gpu", ImportOutcome.Meaningless, "of the device")]
    [InlineData("timm", "aot_autograd: true", "aot_autograd", ImportOutcome.Meaningless, "of the device")]
    [InlineData("timm", "bn_tf: true", "bn_tf", ImportOutcome.Impossible, "fixed in the model")]
    [InlineData("mindcv", "layer_decay: 0.7", "layer_decay", ImportOutcome.Translated, "optimizer.layer_decay=0.7")]
    [InlineData("mindcv", "layer_decay: 0.7", "weight_decay_filter", ImportOutcome.Translated, "optimizer.decay_1d=false (with layer_decay")]
    [InlineData("mindcv", "layer_decay: 0.7\nweight_decay_filter: auto", "layer_decay", ImportOutcome.Meaningless, "leaves no place for it")]
    [InlineData("cifar-tricks", "random_erase: True\nautoaugmentation: True", "autoaugmentation", ImportOutcome.Meaningless, "random_erase comes first")]
    public void Value_that_the_system_has_becomes_what_it_is_there(string name, string lines, string key, ImportOutcome outcome, string text)
    {
        var line = With(name, lines).Lines.Single(line => line.Key == key);
        Assert.Equal(outcome, line.Outcome);
        Assert.Contains(text, line.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_of_PaddleClas_that_nothing_here_does_are_told()
    {
        var text = Samples.Paddle.Replace("eval_interval: 2", "eval_interval: 2\n  start_eval_epoch: 9", StringComparison.Ordinal)
            .Replace("CELoss: {weight: 1.0, epsilon: 0.1}", "CELoss: {weight: 1.0, reduction: sum}", StringComparison.Ordinal);
        var lines = RecipeImport.Parse(text, "x.yaml").Lines;
        foreach (var key in new[] { "Global.start_eval_epoch", "Loss.Train[0].CELoss.reduction" })
            Assert.Equal(ImportOutcome.Impossible, lines.Single(line => line.Key == key).Outcome);
    }

    [Fact]
    public void Keys_of_PaddleClas_that_are_read_there_are_not_told_as_unread()
    {
        var text = Samples.Paddle.Replace("eval_interval: 2", "eval_interval: 2\n  task: classification", StringComparison.Ordinal)
            .Replace("Arch: {name: ResNet50_vd", "Arch: {name: EfficientNetB0, pretrained: True, use_ssld: True, padding_type: SAME", StringComparison.Ordinal)
            .Replace(
                "{name: DistributedBatchSampler, batch_size: 64, drop_last: False, shuffle: True}", "{name: MultiScaleSampler, first_bs: 8, divided_factor: 32}",
                StringComparison.Ordinal);
        var lines = RecipeImport.Parse(text, "x.yaml").Lines;
        Assert.DoesNotContain(lines, line => line.Text.Contains("does not read it", StringComparison.Ordinal));
        Assert.Equal(ImportOutcome.Impossible, lines.Single(line => line.Key == "Arch.use_ssld").Outcome);
    }

    [Fact]
    public void Old_flag_of_the_loss_of_several_views_refuses_as_the_new_one() =>
        Assert.Contains("jsd: there is no loss of several views", Assert.Single(With("timm", "jsd: true").Refusals), StringComparison.Ordinal);

    [Fact]
    public void Rules_of_timm_have_its_defaults()
    {
        var tf = Assert.IsType<RmsPropTfOptions>(With("timm", "opt: rmsproptf").Recipe!.Optimizer);
        Assert.Equal((0.9, 1e-10, 0.9), (tf.Alpha, tf.Epsilon, tf.Momentum));
        Assert.Equal(0.001, Assert.IsType<RmsPropTfOptions>(With("timm", "opt: rmsproptf\nopt_eps: 0.001").Recipe!.Optimizer).Epsilon);
        var rms = Assert.IsType<RmsPropOptions>(With("timm", "opt: rmsprop").Recipe!.Optimizer);
        Assert.Equal((0.9, 1e-8), (rms.Alpha, rms.Epsilon));
        Assert.Equal(1e-8, Assert.IsType<AdagradOptions>(With("timm", "opt: adagrad").Recipe!.Optimizer).Epsilon);
        var adan = Assert.IsType<AdanOptions>(With("timm", "opt: adan\nopt_betas: [0.9, 0.8, 0.7]").Recipe!.Optimizer);
        Assert.Equal((0.9, 0.8, 0.7), (adan.Beta1, adan.Beta2, adan.Beta3));
    }

    [Fact]
    public void Of_two_changes_of_colours_in_pytorch_cifar_tricks_erasing_is_the_one_that_is_done() => Assert.Equal(
        ["random_crop", "horizontal_flip", "random_erasing", "cutout"],
        With("cifar-tricks", "random_erase: True\nautoaugmentation: True").Recipe!.Augment.Transforms.Select(step => step.Kind));

    [Fact]
    public void Two_proportions_of_places_that_MindCv_erases_are_the_least_and_its_inverse() => Assert.Equal(
        0.5, With("mindcv", "re_ratio: [0.5, 2]").Recipe!.Augment.Transforms.OfType<RandomErasing>().Single().MinRatio);

    /// <summary>A sample with some of its lines, or others, in their place.</summary>
    private static ImportedRecipe With(string name, string lines)
    {
        var keys = lines.Split('\n').Select(line => line.Split(':')[0]).ToHashSet(StringComparer.Ordinal);
        var kept = Samples.All[name].Text.Split('\n').Where(line => !keys.Contains(line.Split(':')[0]));
        return RecipeImport.Parse(string.Join('\n', [.. kept, lines]), "x.yaml");
    }
}
