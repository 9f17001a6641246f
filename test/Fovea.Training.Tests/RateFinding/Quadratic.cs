using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;
using Fovea.Training.Batches;
using Fovea.Training.Losses;
using Fovea.Training.Optimizers;

namespace Fovea.Training.Tests.RateFinding;

/// <summary>
/// A linear model without bias whose inputs are a·eₖ, one for each of three classes, under half the squared error: every weight that counts has the
/// curvature L = a²/3, and a step of plain gradient descent multiplies the loss by (1 − η·L)².
/// </summary>
internal sealed record Quadratic(double Curvature) : IBatchSource
{
    private const int Classes = 3;

    public int Samples => Classes;

    public int BatchSize => Classes;

    public int Batches => 1;

    public IReadOnlyList<string> BadImages => [];

    public IEnumerable<Batch> Epoch(int epoch, int first = 0, CancellationToken stop = default)
    {
        if (first > 0) yield break;
        stop.ThrowIfCancellationRequested();
        var images = new float[Classes * Classes];
        for (var k = 0; k < Classes; k++) images[(Classes * k) + k] = (float)Math.Sqrt(Classes * Curvature);
        yield return new(Classes, images, (int[])[0, 1, 2]);
    }

    internal TrainerOptions Options => new()
    {
        Recipe = new()
        {
            Optimizer = new SgdOptions { Momentum = 0, WeightDecay = 0, LearningRate = 0.1 },
            Loss = new SquaredError(),
            Train = new() { BatchSize = Classes },
        },
        Model = Model,
        Backend = new ReferenceBackend(),
        Train = this,
        Classes = Runs.Classes,
    };

    private static Graph Model(int batch)
    {
        var graph = new Graph("linear");
        var x = graph.Input("input", TensorType.F32(batch, Classes, 1, 1)).Reshape(new Shape(batch, Classes));
        graph.Output("logits", x.MatMul(graph.Parameter("weight", new Shape(Classes, Classes), Initializer.FanInUniform), transposeB: true));
        return graph;
    }

    private sealed record SquaredError : LossOptions
    {
        public override string Kind => "squared_error";

        public override Value PerSample(LossInputs inputs) => inputs.Logits.Minus(inputs.Smoothed(0)).Square().Sum(1).Times(0.5);
    }
}
