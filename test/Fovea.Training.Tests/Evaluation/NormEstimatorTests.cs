using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;
using Fovea.Training.Evaluation;
using Fovea.Training.Optimizers;
using Fovea.Training.Weights;

namespace Fovea.Training.Tests.Evaluation;

public class NormEstimatorTests
{
    /// <summary>Seven images in batches of three, three and one: means by images, of means and unbiased variances of batches.</summary>
    [Fact]
    public void Statistics_are_the_means_of_those_of_the_batches()
    {
        using var estimator = new NormEstimator(new ReferenceBackend(), Normed);
        var batches = new MemoryBatches(7, 3).Epoch(0).ToArray();
        var found = estimator.Run([], batches, batchSize: 3).ToDictionary(entry => entry.Name, entry => entry.Tensor.Floats.ToArray());
        Assert.Equal(["mean", "variance"], found.Keys.Order(StringComparer.Ordinal));
        const int pixels = TinyModel.Size * TinyModel.Size;
        for (var c = 0; c < TinyModel.Channels; c++)
        {
            var channels = batches.Select(batch => Enumerable.Range(0, batch.Count).SelectMany(n =>
                Enumerable.Range(0, pixels).Select(i => (double)batch.Images.Span[(((n * TinyModel.Channels) + c) * pixels) + i])).ToArray()).ToArray();
            Assert.Equal(channels.Sum(x => x.Average() * (x.Length / pixels)) / 7, found["mean"][c], 1e-5);
            Assert.Equal(channels.Sum(x => Unbiased(x) * (x.Length / pixels)) / 7, found["variance"][c], 1e-5);
        }

        Assert.Equal(found["mean"], estimator.Run([("mean", HostTensor.Of(new Shape(3), [5, 5, 5]))], batches, 3)[0].Tensor.Floats.ToArray());
    }

    [Fact]
    public void A_run_ends_with_statistics_of_its_averaged_weights_and_resumes_to_the_same_bits()
    {
        var recipe = Runs.Recipe(epochs: 3) with { Average = new SwaOptions { After = 6, NormBatches = 2 } };
        recipe = recipe with { Train = recipe.Train with { EmaDecay = 0 } };
        using var unbroken = new Trainer(Runs.Options(recipe));
        unbroken.Run(new RecordingLog(), TestContext.Current.CancellationToken);
        using var estimator = new NormEstimator(new ReferenceBackend(), batch => TinyModel.Net(batch));
        var wanted = estimator.Run(unbroken.Session.Weights(TinyModel.Net(1)), Runs.Images.Epoch(2).Take(2), 4);
        Assert.Equal(2, wanted.Count);
        foreach (var (name, tensor) in wanted) Assert.Equal(tensor.Floats.ToArray(), unbroken.Session.Read("ema/" + name).Floats.ToArray());
        foreach (var stoppedBefore in (int[])[4, 9, 11]) ResumeTests.AssertResumes(recipe, stoppedBefore);
    }

    [Fact]
    public void Averages_of_running_statistics_stay_where_nothing_is_estimated()
    {
        var recipe = Runs.Recipe() with { Average = new SwaOptions { NormBatches = 0 } };
        recipe = recipe with { Train = recipe.Train with { EmaDecay = 0 } };
        using var plain = new Trainer(Runs.Options(recipe));
        plain.Run(new RecordingLog(), TestContext.Current.CancellationToken);
        using var estimated = new Trainer(Runs.Options(recipe with { Average = new SwaOptions() }));
        estimated.Run(new RecordingLog(), TestContext.Current.CancellationToken);
        Assert.Equal(plain.Session.Read("ema/fc.weight").Floats.ToArray(), estimated.Session.Read("ema/fc.weight").Floats.ToArray());
        Assert.NotEqual(plain.Session.Read("ema/bn.running_mean").Floats.ToArray(), estimated.Session.Read("ema/bn.running_mean").Floats.ToArray());
    }

    private static double Unbiased(double[] x) => x.Sum(e => (e - x.Average()) * (e - x.Average())) / (x.Length - 1);

    /// <summary>A norm of the images themselves.</summary>
    private static Graph Normed(int batch)
    {
        var graph = new Graph("normed");
        var channels = new Shape(TinyModel.Channels);
        var x = graph.Input("input", TensorType.F32(batch, TinyModel.Channels, TinyModel.Size, TinyModel.Size));
        graph.Output("logits", x.BatchNorm(
            graph.Parameter("scale", channels, Initializer.Ones), graph.Parameter("shift", channels, Initializer.Zeros),
            graph.State("mean", channels, Initializer.Ones), graph.State("variance", channels, Initializer.Ones)).Mean(2, 3));
        return graph;
    }
}
