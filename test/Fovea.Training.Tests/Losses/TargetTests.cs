using Fovea.Data.Augment;
using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;
using Fovea.Training.Losses;
using Fovea.Training.Recipes;
using Fovea.Training.Steps;

namespace Fovea.Training.Tests.Losses;

/// <summary>What a recipe makes of the classes of images before a loss sees them.</summary>
public class TargetTests
{
    private static readonly double[] s_logits = [1, -0.5, 0.25, 0.1];

    [Fact]
    [Trait("row", "S0-14")]
    public void Mixing_makes_the_target_a_distribution_and_smoothing_or_plain_cross_entropy_leave_it_a_class()
    {
        DType Target(TrainRecipe recipe) =>
            TrainingGraph.Build(TinyModel.Net(batch: 4), TrainingGraphOptions.Of(recipe, [])).Graph.Find(TrainingGraph.Target)!.Type.DType;
        Assert.Equal(DType.Float32, Target(new() { Augment = new() { Mixing = [new Mixup()] } }));
        Assert.Equal(DType.Int32, Target(new() { Loss = new CrossEntropyOptions { LabelSmoothing = 0.1 } }));
        Assert.Equal(DType.Int32, Target(new()));
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.3)]
    [Trait("row", "S4-08")]
    public void Darknets_label_smoothing_is_ours_of_its_share_times_the_classes_over_the_others(double share)
    {
        // Darknet: 1 − ε for the class of the image, ε/(k − 1) for each other.
        const int classes = 4, label = 2;
        var graph = new Graph("loss");
        var inputs = new LossInputs(
            graph.Input("logits", TensorType.F32(1, classes)), graph.Input("target", new TensorType(DType.Int32, new Shape(1))), new());
        var loss = new CrossEntropyOptions { LabelSmoothing = share * classes / (classes - 1) }.PerSample(inputs);
        graph.Output("loss", loss);
        var found = Interpreter.Run(graph, variable => new OracleTensor(variable.Type.Shape, variable.Label == "logits" ? s_logits : [label]))[loss].Scalar;
        var sum = Math.Log(s_logits.Sum(Math.Exp));
        Assert.Equal(Enumerable.Range(0, classes).Sum(c => (c == label ? 1 - share : share / (classes - 1)) * (sum - s_logits[c])), found, 1e-12);
    }
}
