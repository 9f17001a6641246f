using System.Text.Json;
using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Core.Tests.Ops;

/// <summary>Loss and gradient as PyTorch computes them in double precision.</summary>
public class CrossEntropyFixtureTests
{
    private static readonly JsonElement s_fixture =
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "fixtures", "components", "losses.json"))).RootElement;

    public static TheoryData<string, int> Cases => new()
    {
        { "cross_entropy", 0 },
        { "label_smoothing", 0 },
        { "label_smoothing", 1 },
        { "soft_target_cross_entropy", 0 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Mean_cross_entropy_and_its_gradient_are_those_of_PyTorch(string name, int which)
    {
        var wanted = s_fixture.GetProperty("cases").EnumerateArray().Where(@case => @case.GetProperty("name").GetString() == name).ElementAt(which);
        var smoothing = wanted.GetProperty("params").TryGetProperty("smoothing", out var s) ? s.GetDouble() : 0;
        var inputs = s_fixture.GetProperty("inputs");
        var soft = name == "soft_target_cross_entropy";
        var values = new Dictionary<string, OracleTensor>
        {
            ["logits"] = new(new Shape(6, 5), Numbers(inputs.GetProperty("logits"))),
            ["target"] = soft
                ? new(new Shape(6, 5), Numbers(inputs.GetProperty("soft_targets")))
                : new(new Shape(6), Numbers(inputs.GetProperty("labels"))),
        };
        var graph = new Graph(name);
        var logits = graph.Input("logits", TensorType.F32(6, 5));
        var target = graph.Input("target", soft ? TensorType.F32(6, 5) : new TensorType(DType.Int32, new Shape(6)));
        var loss = logits.SoftmaxCrossEntropy(target, smoothing).Mean();
        graph.Output("loss", loss);
        graph.Output("gradient", Autodiff.Gradients(loss, [logits])[0]!);
        var results = Interpreter.Run(graph, variable => values[variable.Label]);

        // The fixture's numbers have nine digits.
        Assert.Equal(wanted.GetProperty("loss").GetDouble(), results[loss].Scalar, 2e-8);
        foreach (var (expected, found) in Numbers(wanted.GetProperty("grad")).Zip(results[graph.Output("gradient")].Elements))
            Assert.Equal(expected, found, 2e-9);
    }

    private static double[] Numbers(JsonElement json) =>
        json.ValueKind == JsonValueKind.Array ? [.. json.EnumerateArray().SelectMany(Numbers)] : [json.GetDouble()];
}
