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
    private readonly BatchPlans<IExecutable> _plans;

    /// <summary>Compiles the model for full batches.</summary>
    /// <param name="backend">What runs it.</param>
    /// <param name="model">The inference graph for a batch size; its images and logits have the shapes of the student's.</param>
    /// <param name="weights">Its parameters and state.</param>
    /// <param name="batchSize">The size of full batches.</param>
    public ModelTeacher(IBackend backend, Func<int, Graph> model, IReadOnlyList<(string Name, HostTensor Tensor)> weights, int batchSize)
    {
        _session = backend.Open();
        _plans = new(batchSize, count => _session.Compile(model(count)));
        try
        {
            _plans.For(batchSize);
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
}
