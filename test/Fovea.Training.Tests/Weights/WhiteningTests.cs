using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;
using Fovea.Training.State;
using Fovea.Training.Weights;

namespace Fovea.Training.Tests.Weights;

public class WhiteningTests
{
    [Fact]
    public void Eigenvectors_are_orthonormal_and_give_the_matrix_back()
    {
        const int n = 7;
        var draws = new Philox(1, 2);
        var matrix = new double[n, n];
        for (var i = 0; i < n; i++)
            for (var j = 0; j <= i; j++) matrix[i, j] = matrix[j, i] = draws.Normal((ulong)((i * n) + j));
        var (values, vectors) = SymmetricEigen.Of(matrix);
        Assert.Equal(values.OrderDescending(), values);
        for (var i = 0; i < n; i++)
            for (var j = 0; j < n; j++)
            {
                Assert.Equal(i == j ? 1 : 0, vectors[i].Zip(vectors[j], (a, b) => a * b).Sum(), 1e-12);
                Assert.Equal(matrix[i, j], Enumerable.Range(0, n).Sum(k => values[k] * vectors[k][i] * vectors[k][j]), 1e-12);
            }
    }

    /// <summary>The responses of the filters to these patches have the second moments 1 (less what ε takes) and 0, and come in both signs.</summary>
    [Fact]
    public void The_first_filters_whiten_the_patches_of_the_training_images()
    {
        var draws = new Philox(3, 4);
        var images = Enumerable.Range(0, 16 * 3 * 32 * 32).Select(i => (float)(draws.Normal((ulong)(i / 2)) + (0.1 * draws.Normal((ulong)i)))).ToArray();
        var graph = new Graph("first");
        var kernel = graph.Parameter("kernel", new Shape(24, 3, 2, 2), Initializer.Zeros);
        graph.Output("y", graph.Input("input", TensorType.F32(16, 3, 32, 32)).Conv2d(kernel, Window2d.Of(1, 0)));
        using var session = new ReferenceBackend().Open();
        using var plan = session.Compile(graph);
        var (name, tensor) = Whitening.Of(graph, session.Read, [new(16, images, new int[16])]);
        session.Write(name, tensor);
        images.CopyTo(plan.Floats("input"));
        plan.Run();
        var y = plan.Result("y").ToArray();
        const int pixels = 31 * 31;
        double Moment(int a, int b) => Enumerable.Range(0, 16 * pixels).Average(i =>
            (double)y[(((i / pixels * 24) + a) * pixels) + (i % pixels)] * y[(((i / pixels * 24) + b) * pixels) + (i % pixels)]);
        for (var a = 0; a < 12; a++)
        {
            for (var b = 0; b <= a; b++) Assert.Equal(a == b ? 1 : 0, Moment(a, b), 0.02);
            Assert.Equal(-Moment(a, a), Moment(a, a + 12), 1e-5);
        }
    }

    [Fact]
    public void A_run_that_whitens_starts_with_such_filters_and_resumes_with_them()
    {
        var recipe = Runs.Recipe() with { Model = new() { Name = "tiny", Whiten = true } };
        var options = Runs.Options(recipe, model: Wide);
        using var trainer = new Trainer(options);
        var wanted = Whitening.Of(Wide(1), _ => new HostTensor(TensorType.F32(60, 3, 3, 3)), Runs.Images.Epoch(0)).Tensor.Floats[..(54 * 27)].ToArray();
        Assert.Equal(wanted, trainer.Session.Read("conv.weight").Floats[..(54 * 27)].ToArray());
        Assert.Contains(trainer.Session.Read("conv.weight").Floats[(54 * 27)..].ToArray(), x => x != 0);
    }

    [Fact]
    public void A_first_convolution_of_too_few_filters_is_refused()
    {
        var recipe = Runs.Recipe() with { Model = new() { Name = "tiny", Whiten = true } };
        var error = Assert.Throws<TrainingException>(() => new Trainer(Runs.Options(recipe)));
        Assert.Equal("model.whiten: conv.weight has 4 filters; wanted at least 27, as many as a patch has numbers", error.Message);
    }

    private static Graph Wide(int batch)
    {
        var graph = new Graph("wide");
        var s = new Scope(graph);
        var x = graph.Input("input", TensorType.F32(batch, TinyModel.Channels, TinyModel.Size, TinyModel.Size));
        x = x.Conv2d(s["conv"].Parameter("weight", new Shape(60, 3, 3, 3), Initializer.FanInUniform), Window2d.Of(1, 1)).Relu().Mean(2, 3);
        graph.Output("logits", x.MatMul(s["fc"].Parameter("weight", new Shape(3, 60), Initializer.FanInUniform), transposeB: true));
        return graph;
    }
}
