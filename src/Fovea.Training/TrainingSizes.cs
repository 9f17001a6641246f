using Fovea.Graphs;
using Fovea.Passes;
using Fovea.Training.Recipes;
using Fovea.Training.State;

namespace Fovea.Training;

/// <summary>The model for the images of each epoch of a run whose training images grow.</summary>
internal sealed class TrainingSizes
{
    private readonly TrainerOptions _options;
    private readonly int _full;

    /// <exception cref="TrainingException">The model cannot take images of a size.</exception>
    internal TrainingSizes(TrainerOptions options)
    {
        _options = options;
        var model = options.Model(1);
        var images = model.Variable(Steps.TrainingGraph.Images).Shape;
        _full = images.Rank == 4 ? images.H : 0;
        if (Stages.Count == 0) return;
        if (images.Rank != 4 || images.H != images.W)
            throw new TrainingException($"data.progressive wants a model of square images; this one takes {images}");
        var types = model.Variables.Where(value => value.Variable!.Kind != VariableKind.Input)
            .ToDictionary(value => value.Variable!.Label, value => value.Type);
        foreach (var size in Enumerable.Range(0, options.Recipe.Train.Epochs).Select(At).Distinct())
            foreach (var value in Graph(1, size).Variables.Where(value => value.Variable!.Kind != VariableKind.Input))
                if (types.GetValueOrDefault(value.Variable!.Label) != value.Type)
                    throw new TrainingException(
                        $"data.progressive: for images of {size}×{size} the model's '{value.Variable.Label}' would be {value.Type}; "
                        + $"it is {types.GetValueOrDefault(value.Variable.Label)}, which depends on the size of the image");
    }

    private IReadOnlyList<SizeStage> Stages => _options.Recipe.Data.Progressive;

    /// <summary>The size of the images of an epoch.</summary>
    internal int At(int epoch) => SizeStage.At(Stages, epoch, _options.Recipe.Train.Epochs, _full);

    /// <summary>The model for images of a size.</summary>
    internal Func<int, Graph> ModelAt(int size) => size == _full ? _options.Model : batch => Graph(batch, size);

    private Graph Graph(int batch, int size)
    {
        try
        {
            return size == _full ? _options.Model(batch) : _options.ModelAt?.Invoke(batch, size) ?? new ResizeImages(size, size).Apply(_options.Model(batch));
        }
        catch (Exception e) when (e is GraphException or Tensors.ShapeException)
        {
            throw new TrainingException($"data.progressive: {e.Message}", e);
        }
    }
}
