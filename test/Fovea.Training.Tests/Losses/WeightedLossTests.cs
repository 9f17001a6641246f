using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Passes;
using Fovea.Ops;
using Fovea.Tensors;
using Fovea.Training.Losses;

namespace Fovea.Training.Tests.Losses;

/// <summary>Losses whose classes have weights.</summary>
public class WeightedLossTests
{
    private static readonly float[] s_logits = [1, -0.5f, 0.25f, 0.1f, 2, -1];

    [Theory]
    [InlineData(0, false)]
    [InlineData(0.1, false)]
    [InlineData(0.1, true)]
    public void A_batch_of_which_all_classes_have_the_weight_0_has_the_loss_0_and_no_gradient(double smoothing, bool soft)
    {
        foreach (var backend in (IBackend[])[new ReferenceBackend(), new Fovea.Backends.OneDnn.OneDnnBackend()])
        {
            var (loss, gradient) = Of(backend, new() { ClassWeights = [0, 3, 0], LabelSmoothing = smoothing }, labels: [0, 2], soft);
            Assert.Equal(0, loss);
            Assert.All(gradient, number => Assert.Equal(0, number));
        }
    }

    [Fact]
    public void A_class_with_the_weight_0_counts_for_nothing_beside_others()
    {
        var (loss, gradient) = Of(new ReferenceBackend(), new() { ClassWeights = [0, 3, 1] }, labels: [0, 1], soft: false);
        var expected = -Math.Log(Math.Exp(2) / (Math.Exp(0.1f) + Math.Exp(2) + Math.Exp(-1)));
        Assert.Equal(expected, loss, 1e-6);
        Assert.All(gradient[..3], number => Assert.Equal(0, number));
        Assert.All(gradient[3..], number => Assert.NotEqual(0, number));
    }

    [Fact]
    public void Tiny_weights_weigh_as_large_ones_in_proportion_do()
    {
        var (large, tiny) = (Loss([1, 3, 2]), Loss([1e-20, 3e-20, 2e-20]));
        Assert.Equal(large, tiny, 1e-6);

        double Loss(double[] weights) => Of(new ReferenceBackend(), new() { ClassWeights = weights }, labels: [0, 1], soft: false).Loss;
    }

    private static (double Loss, float[] Gradient) Of(IBackend backend, CrossEntropyOptions options, int[] labels, bool soft)
    {
        var graph = new Graph("loss");
        var z = graph.Parameter("logits", new Shape(2, 3), Initializer.Zeros);
        var target = graph.Input("target", soft ? z.Type : new TensorType(DType.Int32, new Shape(2)));
        var loss = options.PerSample(new(z, target, new())).Mean(0);
        graph.Output("loss", loss);
        graph.Output("gradient", Autodiff.Gradients(loss, [z])[0]!);
        using var session = backend.Open();
        using var plan = session.Compile(graph);
        session.Write("logits", HostTensor.Of(new Shape(2, 3), s_logits));
        if (soft)
            for (var n = 0; n < 2; n++) plan.Floats("target")[(3 * n) + labels[n]] = 1;
        else labels.CopyTo(plan.Ints("target"));
        plan.Run();
        return (plan.Result("loss")[0], plan.Result("gradient").ToArray());
    }
}
