using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Naming;
using Fovea.Tensors;
using Fovea.Training.Batches;
using Fovea.Training.Steps;

namespace Fovea.Training.Evaluation;

/// <summary>A model with weights that teaches another (<see cref="TrainerOptions.Teacher"/>): what it makes of the student's batches.</summary>
/// <remarks>Not safe for use from several threads at once.</remarks>
public sealed class ModelTeacher : IDisposable
{
    private readonly ISession _session;
    private readonly int _batchSize;
    private readonly Func<int, int, Graph>? _modelAt;
    private readonly int _channels;

    /// <summary>The plans for images of the present size.</summary>
    private BatchPlans<IExecutable> _plans;

    /// <summary>How many numbers one of these images has.</summary>
    private int _elements;

    /// <summary>Compiles the model for full batches.</summary>
    /// <param name="backend">What runs it.</param>
    /// <param name="model">The inference graph for a batch size; its images and logits have the shapes of the student's.</param>
    /// <param name="weights">Its parameters and state.</param>
    /// <param name="batchSize">The size of full batches.</param>
    /// <param name="modelAt">
    /// The same for a batch size, and rows and columns of the images, where a student's images grow (<c>data.progressive</c>), with the same parameters and
    /// states; null, the default, where they stay.
    /// </param>
    public ModelTeacher(
        IBackend backend, Func<int, Graph> model, IReadOnlyList<(string Name, HostTensor Tensor)> weights, int batchSize,
        Func<int, int, Graph>? modelAt = null)
    {
        (_session, _batchSize, _modelAt) = (backend.Open(), batchSize, modelAt);
        _plans = new(batchSize, count => _session.Compile(model(count)));
        try
        {
            var images = _plans.For(batchSize).Graph.Variable(TrainingGraph.Images).Shape;
            (_channels, _elements) = (images.Rank == 4 ? images.C : 0, (int)(images.Elements / images[0]));
            foreach (var (name, tensor) in weights) _session.Write(name, tensor);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Computes the logits of a batch: a <see cref="Teacher"/>.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="logits">Receives them, [Count, classes], row-major.</param>
    /// <exception cref="ArgumentException">Images or logits are of another size than the model's.</exception>
    public void Teach(Batch batch, Span<float> logits)
    {
        Follow(batch.Images.Length / batch.Count);
        var plan = _plans.For(batch.Count);
        var images = plan.Floats(TrainingGraph.Images);
        if (batch.Images.Length != images.Length || logits.Length != plan.Result(TrainingGraph.Logits).Length)
            throw new ArgumentException(
                $"a batch of {batch.Count} has {Amount.Of(batch.Images.Length, "number")} of images and {logits.Length} of logits; "
                + $"the teacher takes {images.Length} and makes {plan.Result(TrainingGraph.Logits).Length}");
        batch.Images.Span.CopyTo(images);
        plan.Run();
        plan.Result(TrainingGraph.Logits).CopyTo(logits);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _plans.Dispose();
        _session.Dispose();
    }

    /// <summary>Changes to plans for images of another size, where these are squares; the plans of the size before are freed.</summary>
    private void Follow(int elements)
    {
        if (elements == _elements || _modelAt is null || _channels == 0) return;
        var side = (int)Math.Sqrt(elements / _channels);
        if (side == 0 || _channels * side * side != elements) return;
        _plans.Dispose();
        (_plans, _elements) = (new(_batchSize, count => _session.Compile(_modelAt(count, side))), elements);
    }
}
