using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Tests.Planning;

/// <summary>What a plan does with parameters once their gradients are there.</summary>
public sealed class UpdatePlanTests
{
    private static readonly OneDnnBackend s_backend = new();

    [Theory]
    [InlineData("resnet20", 32, DType.Float32)]
    [InlineData("resnet20", 32, DType.BFloat16)]
    [InlineData("repvgg_b1g4", 64, DType.Float32)]
    [InlineData("mobilenetv2_100", 64, DType.Float32)]
    [InlineData("cifar_vision_transformer", 32, DType.Float32)]
    [InlineData("cifar_vision_transformer", 32, DType.BFloat16)]
    public void A_parameter_and_its_momentum_are_updated_in_one_pass_where_they_lie(string model, int size, DType precision)
    {
        var graph = Steps.Of(model, 2, size, precision);
        using var session = s_backend.Open();
        using var plan = (OneDnnExecutable)session.Compile(graph);
        var steps = plan.Describe().Steps.Where(step => !step.IsPrologue).ToList();
        var updates = steps.Where(step => step.What == "map" && Results(step) is { Length: > 1 } results && results.All(IsFloat32)).ToList();
        Assert.Equal(graph.Variables.Count(value => value.Variable!.Kind == VariableKind.Parameter), updates.Count);
        Assert.All(updates, step => Assert.Single(Results(step).Distinct()));
        Assert.Equal(graph.Outputs.Count, steps.Count(step => step.What == "copy"));
        Assert.DoesNotContain(steps.SkipWhile(step => step != updates[0]), step => step.What == "reorder");
    }

    /// <summary>Variables are; a map whose result is read in both types, where bf16 is computed in fp32, writes others, too.</summary>
    private static bool IsFloat32(string layout) => layout.StartsWith("f32:", StringComparison.Ordinal);

    private static string[] Results(PlanStep step) => step.Layouts.Split("→ ")[^1].Split(' ');
}
