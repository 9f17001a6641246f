using Fovea.Formats;
using Fovea.Formats.Weights;
using Fovea.Models;
using Fovea.Tensors;
using Fovea.Training.Checkpoints;
using Fovea.Training.Optimizers;
using Fovea.Training.Recipes;
using Fovea.Training.RepOpt;
using Fovea.Training.State;
using Fovea.Training.Weights;

namespace Fovea.Training.Tests.RepOpt;

/// <summary>Runs of both phases: which scales are taken from where, what is refused, and how they are resumed.</summary>
public sealed class RepOptRunTests : IDisposable
{
    private static readonly SgdOptions s_sgd = new() { LearningRate = 0.05 };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("sgd", 1, 4)]
    [InlineData("adamw", 1, 7)]
    [InlineData("sgd", 2, 3)]
    [Trait("row", "S0-07")]
    public void A_target_run_resumes_exactly_without_its_scales(string rule, int accumulate, int stoppedBefore)
    {
        OptimizerOptions plain = rule == "sgd" ? s_sgd : new AdamWOptions();
        var optimizer = plain with { Around = [new RepOptOptions { Scales = ScalesFile("scales.safetensors") }] };
        using var unbroken = new Trainer(RepOptNets.Options("target", optimizer, accumulate: accumulate));
        unbroken.Run(new RecordingLog(), TestContext.Current.CancellationToken);

        var checkpoints = new CheckpointFolder(_folder.Path("c"));
        using var stop = new CancellationTokenSource();
        var images = new MemoryBatches(samples: 24, batchSize: 8);
        images.Before = (epoch, batch) =>
        {
            if ((epoch * images.Batches) + batch == stoppedBefore) stop.Cancel();
        };
        using (var stopped = new Trainer(RepOptNets.Options("target", optimizer, checkpoints, accumulate, images)))
            Assert.Equal(TrainingEnd.Interrupted, stopped.Run(new RecordingLog(), stop.Token));
        File.Delete(_folder.Path("scales.safetensors"));
        using var resumed = new Trainer(RepOptNets.Options("target", optimizer, checkpoints, accumulate));
        Assert.Equal(TrainingEnd.Finished, resumed.Run(new RecordingLog(), TestContext.Current.CancellationToken));
        Assert.Equal(Runs.Variables(unbroken), Runs.Variables(resumed));
        Assert.Contains("repopt/stage2.1.conv.weight", resumed.Session.Variables);
    }

    [Theory]
    [InlineData("scales.safetensors")]
    [InlineData("scales.pth")]
    [Trait("row", "S0-06")]
    public void Scales_come_from_a_file_of_ours_or_of_the_authors(string name) => AssertTakes(ScalesFile(name));

    [Fact]
    public void Scales_come_from_the_whole_weights_of_a_hyper_search_model()
    {
        var file = _folder.Path("latest.pth");
        HostTensor ones = HostTensor.Filled(new Shape(3), 1);
        WeightFile.Write(file, [("stage0.bn.weight", ones), .. RepOptNets.Scales, ("linear.bias", ones)]);
        AssertTakes(file);
    }

    [Theory]
    [InlineData("")]
    [InlineData("checkpoints/latest.safetensors")]
    public void Scales_come_from_the_folder_or_a_checkpoint_of_a_hyper_search_run(string below)
    {
        var run = _folder.Path("search");
        using var search = new Trainer(RepOptNets.Options("hs", s_sgd, new(Path.Combine(run, "checkpoints"))));
        search.Run(new RecordingLog(), TestContext.Current.CancellationToken);
        var source = Path.Combine(run, below);
        var averaged = search.Session.Weights(RepOptNets.Model("hs")(1));
        AssertTakes(source, averaged);
        Assert.NotEqual(1, averaged.Single(entry => entry.Name == "stage2.1.scale_identity.weight").Tensor.Floats[0]);
    }

    [Fact]
    public void Written_scales_are_read_again_in_either_format()
    {
        var scales = RepOptScales.Of(RepOptNets.Scales, "search");
        foreach (var name in (string[])["a.safetensors", "a.pth"])
        {
            scales.Write(_folder.Path(name));
            var read = WeightPlace.Read(_folder.Path(name), text => Assert.Fail(text))!;
            Assert.Equal(
                scales.Tensors.Select(entry => (entry.Name, Convert.ToHexString(entry.Tensor.Bytes))),
                read.Select(entry => (entry.Name, Convert.ToHexString(entry.Tensor.Bytes))));
        }
    }

    [Fact]
    public void Identities_start_with_1_where_their_scales_are_not_wanted()
    {
        float Middle(bool identityScales)
        {
            using var trainer = new Trainer(RepOptNets.Options("target", Around(new() { Scales = ScalesFile("a.pth"), IdentityScales = identityScales })));
            return trainer.Session.Read("stage2.1.conv.weight").Floats[4];
        }

        var scale = RepOptNets.Scales.Single(entry => entry.Name == "stage2.1.scale_identity.weight").Tensor.Floats[0];
        Assert.Equal(scale - 1, Middle(identityScales: true) - Middle(identityScales: false), 1e-6);
    }

    [Fact]
    public void Given_weights_are_trained_on_where_kernels_are_not_to_be_initialised()
    {
        var weights = new[] { ("stage0.conv.weight", HostTensor.Filled(new Shape(4, 3, 3, 3), 0.25f)) };
        var repopt = new RepOptOptions { Scales = ScalesFile("a.pth") };
        var refused = Assert.Throws<TrainingException>(() => new Trainer(RepOptNets.Options("target", Around(repopt)) with { Weights = weights }));
        Assert.StartsWith(
            "optimizer.around: repopt would write new kernels over the given weights; wanted initialize: false", refused.Message, StringComparison.Ordinal);
        using var trainer = new Trainer(RepOptNets.Options("target", Around(repopt with { Initialize = false })) with { Weights = weights });
        Assert.All(trainer.Session.Read("stage0.conv.weight").Floats.ToArray(), w => Assert.Equal(0.25f, w));
        Assert.DoesNotContain(1f, trainer.Session.Read("repopt/stage0.conv.weight").Floats.ToArray());
    }

    [Fact]
    [Trait("row", "S0-07")]
    public void Clipped_gradients_other_rules_and_sam_are_refused_before_the_run()
    {
        var repopt = new RepOptOptions { Scales = "a.pth" };
        Assert.Equal(
            [
                "train.clip_gradient_norm: 5; wanted 0, since clipped gradients break the equivalence of repopt",
                "train.clip_gradient_value: 1; wanted 0, since clipped gradients break the equivalence of repopt",
                "train.clip_gradient_adaptive: 0.1; wanted 0, since clipped gradients break the equivalence of repopt",
            ],
            Problems(Around(repopt), new() { ClipGradientNorm = 5, ClipGradientValue = 1, ClipGradientAdaptive = 0.1 }));
        foreach (var rule in OptimizerOptions.Kinds)
            Assert.Equal(
                rule.Kind is "sgd" or "adamw"
                    ? []
                    :
                    [
                        $"optimizer.around[0].kind: repopt around {rule.Kind}; wanted sgd or adamw, "
                        + "whose steps follow scaled gradients as the equivalence needs it",
                    ],
                Problems(rule with { Around = [repopt] }, new()));
        foreach (var other in (WrapperOptions[])[new SamOptions(), new AsamOptions()])
            Assert.Equal(
                [$"optimizer.around[1].kind: repopt beside {other.Kind}; wanted either: gradients elsewhere are not those of the branches"],
                Problems(s_sgd with { Around = [other, repopt] }, new()));

        static IEnumerable<string> Problems(OptimizerOptions optimizer, TrainOptions train) =>
            new TrainRecipe { Optimizer = optimizer, Train = train }.Validate().Select(problem => problem.ToString());
    }

    public static TheoryData<string, string> Unfit => new()
    {
        { "hs", "the model has scales of its own, as stage0.scale_conv.weight; wanted its target form (…_target), whose kernels are trained with them" },
        { "csla", "the model has scales of its own, as stage0.scale_conv.weight; wanted its target form (…_target), whose kernels are trained with them" },
        { "repvgg", "the model has no kernels that scales are for; wanted the target form of a RepOpt model (…_target)" },
        {
            "a0_target",
            "6 blocks against the model's 22: scales are missing of stage1.1.conv.weight, stage2.2.conv.weight, stage2.3.conv.weight, "
            + "stage3.1.conv.weight, stage3.2.conv.weight and 11 more; of another shape: stage0.conv.weight has 48 outputs, 4 scales, "
            + "stage1.0.conv.weight has 48 outputs, 4 scales, stage2.0.conv.weight has 96 outputs, 8 scales, stage2.1.conv.weight has 96 outputs, 8 scales, "
            + "stage3.0.conv.weight has 192 outputs, 8 scales and 1 more"
        },
    };

    [Theory]
    [MemberData(nameof(Unfit))]
    public void Scales_of_another_model_are_refused_by_name(string form, string problem)
    {
        var model = form == "a0_target" ? ModelCatalog.Build("repoptvgg_a0_target") : RepOptNets.Model(form)(1);
        var refused = Assert.Throws<TrainingException>(() => RepOptScales.Of(RepOptNets.Scales, "s.pth").Check(model));
        Assert.Equal($"s.pth: these scales do not train {model.Name}: {problem}", refused.Message);
    }

    [Fact]
    public void Scales_of_an_identity_where_the_shape_changes_are_refused()
    {
        var more = RepOptNets.Scales.Append(("stage3.0.scale_identity.weight", HostTensor.Filled(new Shape(8), 1)));
        var less = RepOptNets.Scales.Where(entry => entry.Name != "stage2.1.scale_identity.weight");
        Assert.EndsWith(
            "of another shape: stage3.0.conv.weight changes the shape; it can have no scales of an identity", Refused(more), StringComparison.Ordinal);
        Assert.EndsWith("of another shape: stage2.1.conv.weight keeps the shape, and wants scales of an identity", Refused(less), StringComparison.Ordinal);

        static string Refused(IEnumerable<(string Name, HostTensor Tensor)> scales) =>
            Assert.Throws<TrainingException>(() => RepOptScales.Of([.. scales], "s").Check(RepOptNets.Model("target")(1))).Message;
    }

    public static TheoryData<string, string> Broken => new()
    {
        { "none", "s: holds no scales of RepOptimizers; wanted those of a hyper-search model (…_hs), called …scale_conv.weight or …cheap_operation.1.weight" },
        { "half", "s: stage0.scale_1x1.weight: is missing; wanted the scales of all branches of a block" },
        { "longer", "s: stage0.scale_1x1.weight: has 5 scales, stage0.scale_conv.weight has 4; wanted as many" },
        { "matrix", "s: stage0.scale_conv.weight: is f32[4, 1]; wanted f32 [channels], a scale for each" },
        { "nan", "s: stage0.scale_conv.weight: holds NaN at element 0 of f32[4]; wanted finite numbers" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void Weights_that_are_no_scales_are_refused_by_name(string how, string problem)
    {
        (string, HostTensor) Scale(string part, float scale, params int[] shape) => ($"stage0.scale_{part}.weight", HostTensor.Filled(new Shape(shape), scale));
        (string, HostTensor)[] scales = how switch
        {
            "none" => [("stage0.conv.weight", HostTensor.Filled(new Shape(4), 1))],
            "half" => [Scale("conv", 1, 4)],
            "longer" => [Scale("conv", 1, 4), Scale("1x1", 1, 5)],
            "matrix" => [Scale("conv", 1, 4, 1), Scale("1x1", 1, 4)],
            _ => [Scale("conv", float.NaN, 4), Scale("1x1", 1, 4)],
        };
        Assert.Equal(problem, Assert.Throws<ModelFormatException>(() => RepOptScales.Of(scales, "s")).Message);
    }

    [Theory]
    [InlineData("", "optimizer.around: repopt has no scales; wanted scales: FILE, those of a hyper-search, or the folder of its run")]
    [InlineData(
        "/nowhere/s.pth",
        "/nowhere/s.pth: there is no such file or folder; wanted scales (.safetensors, .pth), weights of a hyper-search model, or the folder of its run")]
    public void A_target_run_without_scales_is_refused_before_its_first_step(string scales, string problem) => Assert.Equal(
        problem, Assert.Throws<TrainingException>(() => new Trainer(RepOptNets.Options("target", Around(new() { Scales = scales })))).Message);

    /// <summary>The files that the authors published, by the names and shapes of their entries.</summary>
    [Theory]
    [InlineData("RepOpt-VGG-B1-scales.pth", "repoptvgg_b1_target", 79, 28)]
    [InlineData("RepOpt-VGG-B2-scales.pth", "repoptvgg_b2_target", 79, 28)]
    [InlineData("RepOpt-VGG-L1-scales.pth", "repoptvgg_l1_target", 139, 48)]
    [InlineData("RepOpt-VGG-L2-scales.pth", "repoptvgg_l2_target", 139, 48)]
    [InlineData("RepOptGhostNet_0_5x_scales.pth", "repoptghostnet_0_5x_target", 64, 32)]
    [Trait("row", "S0-06")]
    public void Scales_that_the_authors_published_are_those_of_the_catalogues_models(string file, string model, int tensors, int blocks)
    {
        var listing = Fixtures.Read("repoptimizer.json").GetProperty("published_scale_files").GetProperty("files").GetProperty(file);
        var path = _folder.Path(file);
        WeightFile.Write(
            path, [.. listing.EnumerateArray().Select(entry => (entry[0].GetString()!, HostTensor.Filled(new Shape(entry[1][0].GetInt32()), 1)))]);
        var scales = RepOptScales.Of(WeightPlace.Read(path, text => Assert.Fail(text))!, path);
        Assert.Equal((tensors, blocks), (scales.Tensors.Count, scales.Blocks.Count));
        scales.Check(ModelCatalog.Build(model));
    }

    [Theory]
    [InlineData("repoptvgg_a0_hs", true)]
    [InlineData("repoptghostnet_0_5x_hs", true)]
    [InlineData("repoptvgg_a0_csla", false)]
    [InlineData("repoptghostnet_0_5x_csla", false)]
    [InlineData("repoptghostnet_0_5x_rep", false)]
    [InlineData("repoptvgg_a0_target", false)]
    [InlineData("resnet18", false)]
    public void A_hyper_search_is_known_by_scales_that_are_trained(string model, bool isSearch) =>
        Assert.Equal(isSearch, RepOptScales.AreTrainedIn(ModelCatalog.Build(model)));

    private static SgdOptions Around(RepOptOptions repopt) => s_sgd with { Around = [repopt] };

    private string ScalesFile(string name)
    {
        RepOptScales.Of(RepOptNets.Scales, "search").Write(_folder.Path(name));
        return _folder.Path(name);
    }

    /// <summary>Asserts that a target run begins with these scales: the multipliers of a block show them.</summary>
    private static void AssertTakes(string source, IReadOnlyList<(string Name, HostTensor Tensor)>? scales = null)
    {
        using var trainer = new Trainer(RepOptNets.Options("target", Around(new() { Scales = source })));
        float Scale(string name) => (scales ?? RepOptNets.Scales).Single(entry => entry.Name == $"stage2.1.{name}.weight").Tensor.Floats[1];
        var multipliers = trainer.Session.Read("repopt/stage2.1.conv.weight").Floats;
        var (corner, point) = (Scale("scale_conv") * Scale("scale_conv"), Scale("scale_1x1") * Scale("scale_1x1"));
        Assert.Equal(corner, multipliers[9 * 8], 1e-6);
        Assert.Equal(corner + point, multipliers[(9 * 8) + 4], 1e-6);
        Assert.Equal(corner + point + 1, multipliers[(9 * 9) + 4], 1e-6);
    }
}
