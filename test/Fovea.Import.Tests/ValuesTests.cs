using Fovea.Data.Augment;
using Fovea.Import.Foreign;
using Fovea.Recipes;
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
    [InlineData("mindcv", "batch_size: 0", "batch_size is '0'; wanted a whole number from 1")]
    [InlineData("mindcv", "crop_pct: 0", "crop_pct is '0'; wanted a number above 0")]
    [InlineData("mindcv", "val_interval: 0", "val_interval is '0'; wanted a whole number from 1")]
    [InlineData("mindcv", "gradient_accumulation_steps: 0", "gradient_accumulation_steps is '0'; wanted a whole number from 1")]
    [InlineData("mindcv", "decay_epochs: 0", "decay_epochs is '0'; wanted a number above 0")]
    [InlineData("timm", "batch_size: -1", "batch_size is '-1'; wanted a whole number from 1")]
    [InlineData("cifar-tricks", "bs: 0", "bs is '0'; wanted a whole number from 1")]
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

    /// <summary>The sample of timm has 30 epochs, a warm-up of 3 and a cooldown of 2.</summary>
    [Theory]
    [InlineData("sched: cosine", 32)]
    [InlineData("sched: tanh\nlr_cycle_limit: 2", 62)]
    [InlineData("sched: cosine\nlr_cycle_limit: 2\ncooldown_epochs: 0", 60)]
    [InlineData("sched: cosine\nlr_cycle_limit: 2\nlr_cycle_mul: 2", 92)]
    [InlineData("sched: cosine\nwarmup_prefix: true", 35)]
    [InlineData("sched: step", 30)]
    public void Epochs_of_timm_are_those_of_its_schedule(string lines, int epochs)
    {
        var keys = lines.Split('\n').Select(line => line[..line.IndexOf(':', StringComparison.Ordinal)]).ToArray();
        var text = string.Join('\n', Samples.Timm.Split('\n').Where(line => !keys.Any(key => line.StartsWith(key + ":", StringComparison.Ordinal)))) + "\n" + lines;
        Assert.Equal(epochs, RecipeReader.Parse(RecipeImport.Parse(text, "x.yaml").Text, "x.yaml").Train.Epochs);
    }

    [Fact]
    public void Images_of_PaddleClas_that_are_normalised_in_two_ways_are_told()
    {
        const string training = "mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225], order: ''}";
        var other = RecipeImport.Parse(Samples.Paddle.Replace(training, "mean: [0.9, 0.456, 0.406], std: [0.229, 0.224, 0.225]}", StringComparison.Ordinal), "x.yaml");
        var told = other.Lines.Where(line => line.Outcome == ImportOutcome.Impossible).Select(line => line.Key).ToArray();
        Assert.Contains(told, key => key.EndsWith(".scale", StringComparison.Ordinal));
        Assert.Contains("differs from the other NormalizeImage", other.Lines.First(line => line.Outcome == ImportOutcome.Impossible).Text, StringComparison.Ordinal);
        Assert.Equal(0.485, RecipeReader.Parse(other.Text, "x.yaml").Data.Mean[0]);
        Assert.Contains(
            "wanted a number above 0",
            Assert.Throws<RecipeException>(
                () => RecipeImport.Parse(Samples.Paddle.Replace("scale: 1.0/255.0, " + training, "scale: 0, " + training, StringComparison.Ordinal), "x.yaml")).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("./w/ResNet50", "./w/ResNet50.pdparams")]
    [InlineData("./w/ResNet50_v1.5", "./w/ResNet50_v1.5.pdparams")]
    [InlineData("./w/a.pdparams", "./w/a.pdparams")]
    [InlineData("./w/a.safetensors", "./w/a.safetensors")]
    public void Weights_of_PaddleClas_are_named_without_the_end_of_their_file(string path, string weights) => Assert.Equal(
        weights,
        RecipeReader.Parse(
            RecipeImport.Parse(Samples.Paddle, "x.yaml", new() { Changes = [RecipeOverride.Parse($"Global.pretrained_model={path}", "-o")] }).Text, "x.yaml").Model.Weights);

    [Fact]
    [Trait("row", "S2-05")]
    public void A_run_that_another_system_would_go_on_with_cannot_begin_here_unsaid()
    {
        var lines = RecipeImport.Parse(Samples.Paddle, "x.yaml", new() { Changes = [RecipeOverride.Parse("Global.checkpoints=out/latest", "-o")] }).Lines;
        var line = lines.Single(line => line.Key == "Global.checkpoints");
        Assert.Equal((ImportOutcome.Impossible, true), (line.Outcome, line.Text.Contains("--resume", StringComparison.Ordinal)));
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
