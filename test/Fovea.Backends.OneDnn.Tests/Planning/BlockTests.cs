using Fovea.Backends.OneDnn.Kernels;
using Fovea.Backends.OneDnn.Tests.Interop;
using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Tests.Planning;

/// <summary>The blocks that the model zoo is made of: planned well, and computed as the oracle does.</summary>
public sealed class BlockTests
{
    private static readonly OneDnnBackend s_backend = new();
    private static readonly Precisions s_precisions = new(Workbench.Api);
    private static readonly OneDnnBackend s_guarded = new(new OneDnnOptions { Guard = true });

    public static TheoryData<string, DType> Cases
    {
        get
        {
            var rows = new TheoryData<string, DType>();
            foreach (var block in Blocks.All.Keys)
                foreach (var precision in new[] { DType.Float32, DType.BFloat16 }) rows.Add(block, precision);
            return rows;
        }
    }

    public static TheoryData<string> Names => [.. Blocks.All.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_training_plan_of_a_block_has_optimised_implementations_only(string block, DType precision) =>
        AssertFast(Steps.Of(Blocks.Model(block), 2, precision));

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_inference_plan_of_a_block_has_optimised_implementations_only(string block, DType precision)
    {
        var graph = Deploy.Structure(Blocks.Model(block));
        AssertFast(precision == DType.BFloat16 ? new PassDriver().Run(graph, new LowerPrecision()) : graph);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Three_steps_of_a_block_agree_with_the_oracle(string block, DType precision)
    {
        var graph = Steps.Of(Blocks.Model(block, size: 9), 2, precision);
        using var exact = new ReferenceBackend().Open();
        using var fast = s_guarded.Open();
        using var exactStep = exact.Compile(graph, seed: 9);
        using var fastStep = fast.Compile(graph, seed: 9);
        foreach (var step in new[] { exactStep, fastStep })
        {
            Steps.Fill(step);
            for (var i = 0; i < (precision == DType.Float32 ? 3 : 1); i++) step.Run();
        }

        var tolerance = precision == DType.Float32 ? 4e-3 : 0.2;
        Assert.Equal(exactStep.Result("loss")[0], fastStep.Result("loss")[0], precision == DType.Float32 ? 2e-4 : 0.05);
        foreach (var variable in exact.Variables)
        {
            var distance = PlanTests.Distance(exact.Read(variable), fast.Read(variable));
            Assert.True(distance < tolerance, $"{variable}: {distance:g3}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_inference_plan_of_a_block_agrees_with_the_oracle(string block)
    {
        var graph = Blocks.Model(block, size: 9);
        using var exact = new ReferenceBackend().Open();
        using var fast = s_guarded.Open();
        using var exactPlan = exact.Compile(graph, seed: 9);
        using var fastPlan = fast.Compile(graph, seed: 9);
        foreach (var plan in new[] { exactPlan, fastPlan })
        {
            var draws = new Philox(3, 4);
            var images = plan.Floats("input");
            for (var i = 0; i < images.Length; i++) images[i] = (float)((2 * draws.Uniform((ulong)i)) - 1);
            plan.Run();
        }

        for (var i = 0; i < exactPlan.Result("logits").Length; i++) Assert.Equal(exactPlan.Result("logits")[i], fastPlan.Result("logits")[i], 1e-4);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Fusion_changes_no_result_of_a_block(string block)
    {
        var graph = Steps.Of(Blocks.Model(block, size: 7), 2);
        var (before, after) = (Fusion.FusionTests.Results(graph), Fusion.FusionTests.Results(PlanCompiler.Fuse(graph, s_precisions)));
        foreach (var (name, wanted) in before)
            for (var i = 0; i < wanted.Elements.Length; i++)
                Assert.Equal(wanted[i], after[name][i], 1e-9 * (1 + Math.Abs(wanted[i])));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_step_of_a_block_allocates_nothing_after_the_first(string block)
    {
        using var session = s_backend.Open();
        using var step = session.Compile(Steps.Of(Blocks.Model(block), 2));
        Steps.Fill(step);
        step.Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        step.Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void AssertFast(Graph graph)
    {
        using var session = s_backend.Open();
        using var plan = (OneDnnExecutable)session.Compile(graph);
        Assert.Empty(plan.Describe().Slow.Select(step => $"{step.Path} {step.What} {step.Implementation} {step.Layouts}"));
    }
}
