using System.Runtime.Intrinsics.X86;
using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Tests.Planning;

public sealed class PlanTests
{
    private static readonly OneDnnBackend s_backend = new();

    public static TheoryData<string, int, DType> Models
    {
        get
        {
            var rows = new TheoryData<string, int, DType>();
            (string, int)[] models =
                [("repvgg_a0", 64), ("repvgg_b1g4", 64), ("resnet18", 64), ("resnet50", 64), ("resnet20", 32), ("cifar_vision_transformer", 32)];
            foreach (var (model, size) in models)
                foreach (var precision in new[] { DType.Float32, DType.BFloat16 }) rows.Add(model, size, precision);
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_training_plan_has_optimised_implementations_only(string model, int size, DType precision) =>
        Assert.Empty(Compiled(Steps.Of(model, 2, size, precision)).Slow);

    [Theory]
    [MemberData(nameof(Models))]
    public void An_inference_plan_has_optimised_implementations_only(string model, int size, DType precision)
    {
        var graph = Deploy.Structure(Steps.Model(model, 1, size));
        Assert.Empty(Compiled(precision == DType.BFloat16 ? new PassDriver().Run(graph, new LowerPrecision()) : graph).Slow);
    }

    [Fact]
    public void Products_of_tokens_are_bf16_in_mixed_precision_where_no_convolution_comes_before_them()
    {
        var products = Steps.Of("cifar_vision_transformer", 2, 32, DType.BFloat16).Nodes.Where(node => node.Op is MatMul).ToArray();
        var wide = products.Where(node => node.Inputs[0].Type.DType == DType.Float32).Select(node => node.Path);
        Assert.Equal(["fc.1", "fc.1", "fc.1"], wide);
    }

    [Fact]
    public void A_session_keeps_variables_that_no_plan_reads()
    {
        var graph = new Graph("g");
        graph.Output("y", graph.Input("x", TensorType.F32(2, 3)).Relu());
        graph.Parameter("unread", new Shape(2, 2), Initializer.Ones);
        using var session = s_backend.Open();
        using var plan = session.Compile(graph);
        Assert.Equal(["unread"], session.Variables);
        Assert.Equal([1, 1, 1, 1], session.Read("unread").Floats.ToArray());
        session.Write("unread", HostTensor.Of(new Shape(2, 2), [1, 2, 3, 4]));
        Assert.Equal([1, 2, 3, 4], session.Read("unread").Floats.ToArray());
    }

    [Theory]
    [InlineData("resnet18", 64)]
    [InlineData("resnet20", 32)]
    public void Gradients_of_strided_convolutions_stay_in_the_layout_of_the_images(string model, int size) =>
        Assert.DoesNotContain(
            Compiled(Steps.Of(model, 2, size)).Steps, step => step.What == "reorder" && step.Layouts.Contains("hwc", StringComparison.Ordinal));

    [Fact]
    public void Gradients_of_convolutions_of_few_channels_run_by_Winograd_where_the_processor_has_AVX_512()
    {
        var steps = Compiled(Steps.Of("resnet20", 8, 32)).Steps.Where(step => step.Implementation == "fovea:winograd").ToList();
        Assert.Equal(Avx512F.IsSupported ? 16 : 0, steps.Count(step => step.What == "conv2d_input_gradient"));
        Assert.Equal(Avx512F.IsSupported ? 10 : 0, steps.Count(step => step.What == "conv2d_weight_gradient"));
        Assert.DoesNotContain(steps, step => step.What == "fused_conv2d");
    }

    [Fact]
    public void Weights_whose_layout_has_another_name_in_the_next_primitive_are_not_copied() =>
        Assert.DoesNotContain(
            Compiled(Steps.Of("resnet20", 2, 32)).Steps, step => step.What == "reorder" && step.Layouts.Contains("→ f32:Ohwi16o", StringComparison.Ordinal));

    [Theory]
    [InlineData("resnet20", DType.Float32)]
    [InlineData("resnet20", DType.BFloat16)]
    [InlineData("repvgg_n1", DType.Float32)]
    public void A_step_allocates_nothing_after_the_first(string model, DType precision)
    {
        using var session = s_backend.Open();
        using var step = session.Compile(Steps.Of(model, 3, 32, precision));
        Steps.Fill(step);
        step.Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 3; i++) step.Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData("resnet20", DType.Float32)]
    [InlineData("repvgg_n1", DType.Float32)]
    [InlineData("repvgg_n1", DType.BFloat16)]
    public void Buffers_that_share_memory_give_the_bits_of_buffers_that_do_not(string model, DType precision)
    {
        var graph = Steps.Of(model, 3, 32, precision);
        using var shared = s_backend.Open();
        using var apart = new OneDnnBackend(new OneDnnOptions { Guard = true }).Open();
        using var sharedStep = shared.Compile(graph, seed: 4);
        using var apartStep = apart.Compile(graph, seed: 4);
        foreach (var step in new[] { sharedStep, apartStep })
        {
            Steps.Fill(step);
            for (var i = 0; i < 3; i++) step.Run();
        }

        foreach (var variable in shared.Variables) Assert.True(shared.Read(variable).Bytes.SequenceEqual(apart.Read(variable).Bytes), variable);
    }

    // Where rounding moves one rectifier to the other side of zero, a weight takes another way; a fault moves them whatever the numbers are.
    [Fact]
    public void Three_steps_agree_with_the_oracle_from_most_beginnings()
    {
        string[] apart = [.. new ulong[] { 9, 10, 11 }.Select(FirstApart).OfType<string>()];
        Assert.True(apart.Length <= 1, string.Join("; ", apart));
    }

    /// <summary>The first variable in which three steps from a seed differ from the oracle's; null where all agree.</summary>
    private static string? FirstApart(ulong seed)
    {
        var graph = Steps.Of("resnet20", 2, 16);
        using var exact = new ReferenceBackend().Open();
        using var fast = s_backend.Open();
        using var exactStep = exact.Compile(graph, seed);
        using var fastStep = fast.Compile(graph, seed);
        foreach (var step in new[] { exactStep, fastStep })
        {
            Steps.Fill(step);
            for (var i = 0; i < 3; i++) step.Run();
        }

        Assert.Equal(exactStep.Result("loss")[0], fastStep.Result("loss")[0], 1e-4);
        return exact.Variables.FirstOrDefault(variable => Distance(exact.Read(variable), fast.Read(variable)) >= 2e-3);
    }

    [Fact]
    public void A_weight_that_is_written_later_is_seen_by_the_next_run()
    {
        var graph = Steps.Model("resnet20", 2, 16);
        using var session = s_backend.Open();
        using var plan = session.Compile(graph);
        plan.Floats("input").Fill(0.5f);
        plan.Run();
        var bias = graph.Variables[^1];
        session.Write(bias.Variable!.Label, HostTensor.Filled(bias.Shape, 100));
        var before = plan.Result("logits")[0];
        plan.Run();
        Assert.Equal(100, plan.Result("logits")[0] - before, 0.5);
    }

    [Fact]
    public void Plans_of_two_batch_sizes_train_the_same_variables()
    {
        using var session = s_backend.Open();
        using var full = session.Compile(Steps.Of("resnet20", 4, 16));
        using var last = session.Compile(Steps.Of("resnet20", 3, 16));
        foreach (var step in new[] { full, last })
        {
            Steps.Fill(step);
            var before = session.Read("linear.weight").Bytes.ToArray();
            step.Run();
            Assert.False(session.Read("linear.weight").Bytes.SequenceEqual(before));
        }
    }

    private static PlanReport Compiled(Graphs.Graph graph)
    {
        using var session = s_backend.Open();
        using var plan = (OneDnnExecutable)session.Compile(graph);
        return plan.Describe();
    }

    internal static double Distance(HostTensor a, HostTensor b)
    {
        var (difference, norm) = (0.0, 1e-9);
        for (var i = 0; i < a.Floats.Length; i++)
        {
            difference += Math.Pow(a.Floats[i] - b.Floats[i], 2);
            norm += Math.Pow(a.Floats[i], 2);
        }

        return Math.Sqrt(difference / norm);
    }
}
