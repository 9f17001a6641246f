using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Models.ImageNet;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Models.Tests;

public class GoogLeNetTests
{
    [Fact]
    public void Side_heads_are_outputs_of_the_training_form_and_not_shipped()
    {
        var model = ModelCatalog.Build("googlenet", new ModelOptions { Classes = 7, ImageSize = 64 });
        var training = new PassDriver().Run(model, new EnterTraining());
        Assert.Equal(["logits", "aux1", "aux2"], training.Outputs.Select(output => output.Name));
        Assert.All(training.Outputs, output => Assert.Equal(new Shape(1, 7), output.Value.Shape));
        Assert.Equal([0.3, 0.3], training.Auxiliaries.Select(auxiliary => auxiliary.LossWeight));
        var shipped = Deploy.Structure(model);
        Assert.Equal("logits", Assert.Single(shipped.Outputs).Name);
        Assert.DoesNotContain(shipped.Variables, value => value.Variable!.Label.StartsWith("aux", StringComparison.Ordinal));
    }

    [Fact]
    public void Adaptive_pooling_has_windows_from_floor_to_ceiling()
    {
        float[] rows = [1, 2, 4, 8, 16];
        Assert.Equal([1.5f, 3, 6, 12], Pooled(rows, 4));
        Assert.Equal([1, 1, 2, 2], Pooled([1, 2], 4));
        Assert.Equal([1.5f, 6], Pooled([1, 2, 4, 8], 2));
    }

    [Fact]
    public void Odd_pixels_are_filled_up_with_zeros_beyond_the_edge()
    {
        var result = Run(new Shape(1, 1, 3, 3), [1, 2, 3, 4, 5, 6, 7, 8, 9], NasParts.OddPixels);
        Assert.Equal([5, 0, 0, 0], result);
        Assert.Equal([4], Run(new Shape(1, 1, 2, 2), [1, 2, 3, 4], NasParts.OddPixels));
        Assert.Equal([0], Run(new Shape(1, 1, 1, 1), [1], NasParts.OddPixels));
    }

    /// <summary>The first column of an image whose columns are all alike, pooled.</summary>
    private static float[] Pooled(float[] rows, int size)
    {
        var image = rows.SelectMany(row => Enumerable.Repeat(row, rows.Length)).ToArray();
        var pooled = Run(new Shape(1, 1, rows.Length, rows.Length), image, x => x.AdaptiveAveragePool(size));
        return [.. Enumerable.Range(0, size).Select(i => pooled[i * size])];
    }

    private static float[] Run(Shape shape, float[] image, Func<Value, Value> function)
    {
        var graph = new Graph("function");
        graph.Output("y", function(graph.Input("x", new TensorType(DType.Float32, shape))));
        using var session = new ReferenceBackend().Open();
        using var plan = session.Compile(graph);
        plan.Fill("x", HostTensor.Of(shape, image));
        plan.Run();
        return plan.Result("y").ToArray();
    }
}
