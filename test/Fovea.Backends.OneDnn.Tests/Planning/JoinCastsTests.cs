using System.Text.RegularExpressions;
using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Tests.Planning;

/// <summary>Plans in bfloat16 whose products compute in float32, which any machine can make: with conversions joined, and apart.</summary>
public sealed partial class JoinCastsTests
{
    private static readonly OneDnnOptions s_options = new() { WithoutBFloat16 = true };
    private static readonly OneDnnBackend s_joined = new(s_options);
    private static readonly OneDnnBackend s_guarded = new(s_options with { Guard = true });
    private static readonly OneDnnBackend s_apart = new(s_options with { KeepsCasts = true });

    public static TheoryData<string> Names => [.. Blocks.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_block_gives_the_bits_of_one_whose_casts_stand_apart(string block)
    {
        var graph = Steps.Of(Blocks.Model(block, size: 9), 2, DType.BFloat16);
        AssertSame(graph, s_joined, s_apart);
        AssertSame(graph, s_guarded, s_apart);
    }

    [Theory]
    [InlineData("resnet20")]
    [InlineData("repvgg_n1")]
    [InlineData("cifar_vision_transformer")]
    public void A_model_gives_the_bits_of_one_whose_casts_stand_apart(string model) => AssertSame(Steps.Of(model, 4, 32, DType.BFloat16), s_joined, s_apart);

    [Theory]
    [InlineData("resnet20", 32)]
    [InlineData("repvgg_n1", 32)]
    [InlineData("mobilenetv2_100", 64)]
    [InlineData("mixnet_s", 64)]
    public void A_training_plan_rounds_to_bf16_in_its_own_kernels_and_widens_alone_what_the_gradient_of_a_weight_reads_again(string model, int size)
    {
        var graph = Steps.Of(model, 8, size, DType.BFloat16);
        var (joined, apart) = (Plan(s_joined, graph).Steps, Plan(s_apart, graph).Steps);
        var gradients = joined.Count(step => step.What == "conv2d_weight_gradient");
        Assert.InRange(joined.Where(IsNarrowing).Count(step => !IsSmall(step)), 0, gradients / 50);
        Assert.InRange(joined.Where(IsWidening).Count(step => !IsSmall(step)), 0, gradients);
        Assert.True(apart.Count(IsNarrowing) >= gradients, "casts apart");
    }

    [Theory]
    [InlineData("resnet20", 32)]
    [InlineData("mobilenetv2_100", 64)]
    public void A_norm_reads_its_convolution_in_fp32_and_leaves_in_bf16_what_its_gradient_reads(string model, int size)
    {
        var norms = Plan(s_joined, Steps.Of(model, 4, size, DType.BFloat16)).Steps.Where(step => step.What == "norm_sum").ToList();
        Assert.NotEmpty(norms);
        Assert.All(norms, step => Assert.Matches("^f32:n.* → .*bf16:n", step.Layouts));
    }

    [Fact]
    public void Channels_are_gathered_from_fp32_and_to_it()
    {
        var gathers = Plan(s_joined, Steps.Of("mixnet_s", 4, 64, DType.BFloat16)).Steps.Where(step => step.What == "gather_channels")
            .Select(step => Gather().Match(step.Layouts).Groups).ToList();
        Assert.Contains(gathers, gather => gather["from"].Value == "f32");
        Assert.Contains(gathers, gather => gather["to"].Captures.Any(type => type.Value == "f32"));
    }

    [Fact]
    public void A_weight_is_rounded_once_for_a_product_and_not_kept_in_bf16()
    {
        var steps = Plan(s_joined, Steps.Of("resnet20", 4, 32, DType.BFloat16)).Steps;
        var weights = steps.Where(step => step.What == "reorder" && step.Path.Contains("conv", StringComparison.Ordinal)).ToList();
        Assert.Equal(19 + 18, weights.Count);
        Assert.All(weights, step => Assert.DoesNotContain("bf16", step.Layouts, StringComparison.Ordinal));
    }

    [Fact]
    public void Between_two_convolutions_at_inference_stands_one_rounding_in_place()
    {
        var graph = new Graph("two");
        var x = graph.Input("x", TensorType.F32(2, 32, 8, 8));
        foreach (var name in new[] { "a", "b" }) x = x.Conv2d(graph.Parameter(name, new Shape(32, 32, 3, 3), Initializer.KaimingFanOut), Window2d.Of(1, 1));
        graph.Output("y", x);
        var lowered = new PassDriver().Run(graph, new LowerPrecision());
        var steps = Plan(s_joined, lowered).Steps.Where(step => !step.IsPrologue).ToList();
        var products = steps.Index().Where(step => step.Item.What == "fused_conv2d").Select(step => step.Index).ToList();
        Assert.Equal(["fovea:round"], steps[(products[0] + 1)..products[1]].Select(step => step.Implementation));
        Assert.Equal(Outputs(s_apart, lowered), Outputs(s_joined, lowered));
    }

    [Theory]
    [InlineData("resnet20", 8, 32)]
    [InlineData("repvgg_a0", 8, 112)]
    [InlineData("mobilenetv2_100", 8, 112)]
    [InlineData("mixnet_s", 8, 112)]
    [InlineData("dla34", 8, 128)]
    [InlineData("cifar_vision_transformer", 8, 32)]
    public void A_joined_plan_takes_no_more_memory(string model, int batch, int size)
    {
        var graph = Steps.Of(model, batch, size, DType.BFloat16);
        var (joined, apart) = (Plan(s_joined, graph), Plan(s_apart, graph));
        Assert.True(joined.ArenaBytes <= apart.ArenaBytes && joined.KeptBytes == apart.KeptBytes, $"{joined.ArenaBytes} of {apart.ArenaBytes} bytes");
        Assert.True(joined.Steps.Sum(step => step.Bytes) < apart.Steps.Sum(step => step.Bytes), "bytes that steps touch");
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.BFloat16)]
    public void Nothing_is_joined_where_nothing_is_widened(DType precision)
    {
        var graph = Steps.Of("resnet20", 2, 32, precision);
        OneDnnBackend[] backends = [new(), new(new() { KeepsCasts = true })];
        var plans = backends.Select(backend => Plan(backend, graph)).ToList();
        var widens = precision == DType.BFloat16 && backends[0].BFloat16 == BFloat16Support.None;
        Assert.Equal(!widens, plans[0].Steps.SequenceEqual(plans[1].Steps));
    }

    private static void AssertSame(Graph graph, OneDnnBackend first, OneDnnBackend second)
    {
        using var joined = first.Open();
        using var apart = second.Open();
        foreach (var session in new[] { joined, apart })
        {
            using var step = session.Compile(graph, seed: 4);
            Steps.Fill(step);
            for (var i = 0; i < 3; i++) step.Run();
        }

        foreach (var variable in joined.Variables) Assert.True(joined.Read(variable).Bytes.SequenceEqual(apart.Read(variable).Bytes), variable);
    }

    private static PlanReport Plan(OneDnnBackend backend, Graph graph)
    {
        using var session = backend.Open();
        using var plan = (OneDnnExecutable)session.Compile(graph);
        return plan.Describe();
    }

    private static float[] Outputs(OneDnnBackend backend, Graph graph)
    {
        using var session = backend.Open();
        using var plan = session.Compile(graph, seed: 4);
        plan.Floats("x").Fill(0.3f);
        plan.Run();
        return plan.Result("y").ToArray();
    }

    private static bool IsNarrowing(PlanStep step) => step.What == "reorder" && Narrowing().IsMatch(step.Layouts);

    private static bool IsWidening(PlanStep step) => step.What == "reorder" && Widening().IsMatch(step.Layouts);

    /// <summary>What a head's few numbers take.</summary>
    private static bool IsSmall(PlanStep step) => step.Bytes < 64 * 1024;

    [GeneratedRegex(@"^f32:(?<layout>\S+) → bf16:\k<layout>$")]
    private static partial Regex Narrowing();

    [GeneratedRegex(@"^bf16:(?<layout>\S+) → f32:\k<layout>$")]
    private static partial Regex Widening();

    [GeneratedRegex(@"^(?<from>\w+):.* → (?<to>\w+)(:\S+ (?<to>\w+))?:\S+$")]
    private static partial Regex Gather();
}
