using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Models;
using Fovea.Models.Building;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Tests.Planning;

/// <summary>Training steps of catalogue models, small enough for tests.</summary>
internal static class Steps
{
    /// <summary>Forward, loss, backward and an update by SGD with momentum.</summary>
    internal static Graph Of(string model, int batch, int size, DType precision = DType.Float32) => Of(Model(model, batch, size), batch, precision);

    /// <summary>The same for a model of the caller's, from <c>input</c> to <c>logits</c>.</summary>
    internal static Graph Of(Graph model, int batch, DType precision = DType.Float32)
    {
        var graph = new PassDriver().Run(model, new EnterTraining());
        var target = graph.Input("target", new TensorType(DType.Int32, new Shape(batch)));
        var loss = graph.Output("logits").SoftmaxCrossEntropy(target, 0.1).Mean(0);
        graph.Output("loss", loss);
        var rate = graph.Input("learning_rate", TensorType.F32());
        var parameters = graph.Variables.Where(value => value.Variable!.Kind == VariableKind.Parameter).ToList();
        var gradients = Autodiff.Gradients(loss, parameters);
        for (var i = 0; i < parameters.Count; i++)
        {
            var velocity = graph.Slot($"momentum/{parameters[i].Variable!.Label}", parameters[i].Type, Initializer.Zeros);
            var gradient = gradients[i]!.Blend(parameters[i], 1, 1e-4);
            var next = velocity.Blend(gradient, 0.9, 1);
            graph.Update(parameters[i], parameters[i].Minus(gradient.Blend(next, 1, 0.9).Times(rate)));
            graph.Update(velocity, next);
        }

        return precision == DType.BFloat16 ? new PassDriver().Run(graph, new LowerPrecision()) : graph;
    }

    internal static Graph Model(string model, int batch, int size) =>
        ModelCatalog.Build(model, new ModelOptions { Classes = 7, ImageSize = size }, batch);

    /// <summary>Random images, labels in turn, a learning rate.</summary>
    internal static void Fill(IExecutable step)
    {
        var draws = new Philox(1, 2);
        var images = step.Floats("input");
        for (var i = 0; i < images.Length; i++) images[i] = (float)((2 * draws.Uniform((ulong)i)) - 1);
        var labels = step.Ints("target");
        for (var i = 0; i < labels.Length; i++) labels[i] = 3 * i % 7;
        step.Floats("learning_rate")[0] = 0.05f;
    }
}
