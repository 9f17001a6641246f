using Fovea.Analysis;
using Fovea.Backends.OneDnn;
using Fovea.Graphs;
using Fovea.Models;
using Fovea.Models.Building;
using Fovea.Training.Optimizers;
using Fovea.Training.Recipes;
using Fovea.Training.Steps;

namespace Fovea.Sweep.Tests;

/// <summary>What a step saves whose backbone is frozen, on nets of many kinds.</summary>
public class FrozenStepTests
{
    public static TheoryData<string, int> Models => new()
    {
        { "resnet50", 224 }, { "repvgg_a0", 64 }, { "densenet121", 64 }, { "mixnet_s", 64 }, { "convnext_tiny", 64 }, { "vit_tiny_patch16_224", 224 },
        { "googlenet", 64 },
    };

    /// <summary>Forward alone is a third of forward and twice backward; norms, losses and updates are counted, too.</summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void A_step_of_the_classifier_alone_has_at_most_four_tenths_of_the_work_of_a_full_one(string model, int size)
    {
        var (whole, head) = (CostAnalysis.Of(Step(model, size, freezes: false)), CostAnalysis.Of(Step(model, size, freezes: true)));
        Assert.True(head.Macs <= 0.4 * whole.Macs, $"{head.Macs} of {whole.Macs} MACs, {(double)head.Macs / whole.Macs:F3}");
        Assert.True(head.Flops <= 0.4 * whole.Flops, $"{head.Flops} of {whole.Flops} FLOPs, {(double)head.Flops / whole.Flops:F3}");
    }

    [Theory]
    [InlineData("resnet50", 64)]
    [InlineData("densenet121", 64)]
    public void A_plan_of_the_classifier_alone_keeps_little_of_the_activations(string model, int size)
    {
        long Arena(bool freezes)
        {
            using var session = new OneDnnBackend().Open();
            using var plan = (OneDnnExecutable)session.Compile(Step(model, size, freezes));
            return plan.Describe().ArenaBytes;
        }

        var (head, whole) = (Arena(freezes: true), Arena(freezes: false));
        Assert.True(head <= 0.3 * whole, $"{head / 1e6:F1} of {whole / 1e6:F1} MB");
    }

    private static Graph Step(string model, int size, bool freezes)
    {
        var graph = ModelCatalog.Find(model).Build(new ModelOptions { Classes = 10, ImageSize = size }, 8);
        var freeze = new FreezeOptions { Names = freezes ? [FreezeOptions.Backbone] : [] };
        return TrainingGraph.Build(graph, new() { Optimizer = new SgdOptions(), Frozen = new FrozenStages(freeze, graph).In(0) }).Graph;
    }
}
