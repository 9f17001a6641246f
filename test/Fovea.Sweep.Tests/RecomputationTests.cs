using Fovea.Backends.OneDnn;
using Fovea.Execution;
using Fovea.Models;
using Fovea.Models.Building;
using Fovea.Tensors;
using Fovea.Training.Optimizers;
using Fovea.Training.Steps;

namespace Fovea.Sweep.Tests;

/// <summary>Gradient checkpointing on nets of many kinds: chains, dense blocks, side heads, random branches, attention.</summary>
public class RecomputationTests
{
    /// <summary>The largest share of the memory of activations that is left; how much follows from the layouts of a processor.</summary>
    [Theory]
    [InlineData("resnet56", 32, 0.45)]
    [InlineData("repvgg_a0", 64, 1)]
    [InlineData("densenet121", 64, 0.7)]
    [InlineData("mixnet_s", 64, 0.7)]
    [InlineData("dla34", 64, 1)]
    [InlineData("googlenet", 64, 1)]
    [InlineData("vit_tiny_patch16_224", 224, 0.35)]
    public void Activations_that_are_computed_again_give_the_same_step_in_less_memory(string model, int size, double most)
    {
        var (kept, bytes) = Step(model, size, recomputes: false);
        var (again, fewer) = Step(model, size, recomputes: true);
        foreach (var (name, wanted) in kept)
        {
            var actual = again[name];
            var scale = wanted.Max(Math.Abs);
            for (var i = 0; i < wanted.Length; i++)
                Assert.True(Math.Abs(wanted[i] - actual[i]) <= (1e-5 * scale) + 1e-7, $"{name}[{i}] is {actual[i]}; wanted {wanted[i]}");
        }

        Assert.True(fewer <= most * bytes, $"{fewer / 1e6:F1} MB of {bytes / 1e6:F1} MB are left, {(double)fewer / bytes:P1}");
    }

    private static (Dictionary<string, float[]> Variables, long Bytes) Step(string model, int size, bool recomputes)
    {
        using var session = new OneDnnBackend().Open();
        var graph = ModelCatalog.Find(model).Build(new ModelOptions { Classes = 10, ImageSize = size }, 8);
        var options = new TrainingGraphOptions { Optimizer = new SgdOptions { Momentum = 0 }, Recomputes = recomputes, Seed = 3 };
        using var plan = (OneDnnExecutable)session.Compile(TrainingGraph.Build(graph, options).Graph, seed: 3);
        var draws = new Philox(1, 1);
        var images = plan.Floats(TrainingGraph.Images);
        for (var i = 0; i < images.Length; i++) images[i] = (float)draws.Normal((ulong)i);
        var targets = plan.Ints(TrainingGraph.Target);
        for (var i = 0; i < targets.Length; i++) targets[i] = i % 10;
        plan.Floats(TrainingGraph.LearningRate)[0] = 0.01f;
        if (plan.Graph.Find(TrainingGraph.Step) is not null) plan.Ints(TrainingGraph.Step)[0] = 1;
        plan.Run();
        return (session.Variables.ToDictionary(name => name, name => session.Read(name).Floats.ToArray()), plan.Describe().ArenaBytes);
    }
}
