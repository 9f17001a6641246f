using System.Text.Json;
using Fovea.Backends.OneDnn;
using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Models.Parity;
using Fovea.Passes;
using Fovea.Tensors;
using Fovea.Training.Losses;

namespace Fovea.Sweep.Tests;

/// <summary>RepVGG's L2 penalty against that of the official code.</summary>
public class RepVggPenaltyTests
{
    [Theory]
    [InlineData("official_repvgg_a0")]
    [InlineData("official_repvgg_b1g2")]
    [InlineData("repvgg_custom_n1")]
    public void The_penalty_of_each_block_is_that_of_the_official_code(string id)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "fixtures", "models", $"{id}.json");
        var (fixture, model) = (FixtureReader.Read(path), FixtureModel.Find(id));
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        var expected = document.RootElement.GetProperty("train").GetProperty("custom_l2").EnumerateObject().Select(block => block.Value.GetDouble()).ToArray();

        var graph = new PassDriver().Run(model.Row.Build(new ModelOptions { Classes = fixture.Classes, ImageSize = 32 }, 1), new EnterTraining());
        var blocks = RepVggPenalty.Each(graph);
        using var session = new OneDnnBackend().Open();
        using var plan = session.Compile(Alone(graph, blocks));
        foreach (var tensor in fixture.Tensors)
            if (session.Variables.Contains(model.ToCatalogue(tensor.Name)))
                session.Write(model.ToCatalogue(tensor.Name), FixtureTensors.Filled(tensor.Fill, tensor.Shape, tensor.Seed, fixture.WeightGain));
        plan.Run();

        Assert.Equal(expected.Length, blocks.Count);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], plan.Result($"block{i}")[0], 1e-5 * expected[i]);
    }

    [Fact]
    public void Channels_that_both_norms_switch_off_have_no_penalty()
    {
        var model = FixtureModel.Find("repvgg_custom_n1");
        var graph = new PassDriver().Run(model.Row.Build(new ModelOptions { Classes = 10, ImageSize = 32 }, 1), new EnterTraining());
        using var session = new OneDnnBackend().Open();
        using var plan = session.Compile(Alone(graph, RepVggPenalty.Each(graph)));
        foreach (var name in session.Variables.Where(name => session.Read(name).Shape.Rank == 1 && name.EndsWith("weight", StringComparison.Ordinal)))
            session.Write(name, HostTensor.Of(session.Read(name).Shape, new float[session.Read(name).Shape.Elements]));
        plan.Run();
        foreach (var (name, _) in plan.Graph.Outputs) Assert.True(float.IsFinite(plan.Result(name)[0]), $"{name} is {plan.Result(name)[0]}");
    }

    /// <summary>The penalties without the model around them.</summary>
    private static Graph Alone(Graph graph, IReadOnlyList<Value> blocks)
    {
        var alone = new Graph("penalties");
        var copies = new Dictionary<Value, Value>();
        var needed = new HashSet<Node>();
        void Need(Node node)
        {
            if (!needed.Add(node)) return;
            foreach (var input in node.Inputs) Need(input.Node);
        }

        foreach (var block in blocks) Need(block.Node);
        foreach (var node in graph.Nodes.Where(needed.Contains))
            copies[node.Result] = node.Op is Variable variable ? alone.Declare(variable) : alone.Add(node.Op, [.. node.Inputs.Select(input => copies[input])]);
        for (var i = 0; i < blocks.Count; i++) alone.Output($"block{i}", copies[blocks[i]]);
        return alone;
    }
}
