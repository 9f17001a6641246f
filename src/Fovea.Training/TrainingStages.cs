using Fovea.Graphs;
using Fovea.Passes;
using Fovea.Training.Checkpoints;
using Fovea.Training.Recipes;
using Fovea.Training.State;
using Fovea.Training.Steps;

namespace Fovea.Training;

/// <summary>What the plans of an epoch are compiled for; epochs of the same stage share them.</summary>
/// <param name="Size">Rows and columns of the training images.</param>
/// <param name="Freeze">Which of the stages of <see cref="FreezeOptions"/>.</param>
internal readonly record struct TrainingStage(int Size, int Freeze);

/// <summary>The stages of a run whose training images grow, or whose frozen parts thaw: the model and the step of each epoch.</summary>
internal sealed class TrainingStages
{
    private readonly TrainerOptions _options;
    private readonly int _full;
    private readonly FrozenStages _frozen;

    /// <exception cref="TrainingException">The model cannot take images of a size, or nothing of it would train.</exception>
    internal TrainingStages(TrainerOptions options)
    {
        _options = options;
        var model = options.Model(1);
        _frozen = new(options.Recipe.Freeze, model);
        var images = model.Variable(TrainingGraph.Images).Shape;
        _full = images.Rank == 4 ? images.H : 0;
        if (Sizes.Count == 0) return;
        if (images.Rank != 4 || images.H != images.W)
            throw new TrainingException($"data.progressive wants a model of square images; this one takes {images}");
        var types = model.Variables.Where(value => value.Variable!.Kind != VariableKind.Input)
            .ToDictionary(value => value.Variable!.Label, value => value.Type);
        foreach (var size in Enumerable.Range(0, options.Recipe.Train.Epochs).Select(SizeAt).Distinct())
            foreach (var value in Graph(1, size).Variables.Where(value => value.Variable!.Kind != VariableKind.Input))
                if (types.GetValueOrDefault(value.Variable!.Label) != value.Type)
                    throw new TrainingException(
                        $"data.progressive: for images of {size}×{size} the model's '{value.Variable.Label}' would be {value.Type}; "
                        + $"it is {types.GetValueOrDefault(value.Variable.Label)}, which depends on the size of the image");
    }

    private IReadOnlyList<SizeStage> Sizes => _options.Recipe.Data.Progressive;

    /// <summary>The stage of an epoch.</summary>
    /// <param name="epoch">From 0.</param>
    internal TrainingStage At(int epoch) => new(SizeAt(epoch), _options.Recipe.Freeze.StageAt(epoch));

    /// <summary>
    /// The epoch whose variables a checkpoint has: between two epochs the one that is over, where the next one has slots of what thaws and they are not there
    /// yet, so that it is entered as by a run that was not interrupted.
    /// </summary>
    internal int EpochOf(Checkpoint checkpoint)
    {
        var state = checkpoint.State;
        if (state.Batch > 0 || state.Epoch == 0) return state.Epoch;
        var thawed = FrozenOf(At(state.Epoch - 1)).Except(FrozenOf(At(state.Epoch))).ToHashSet(StringComparer.Ordinal);
        var isEntered = thawed.Count == 0 || checkpoint.Tensors.Any(entry => SlotNames.IsSlot(entry.Name) && thawed.Contains(SlotNames.OfSlot(entry.Name)));
        return isEntered ? state.Epoch : state.Epoch - 1;
    }

    /// <summary>The model for the images of a stage.</summary>
    internal Func<int, Graph> ModelOf(TrainingStage stage) => stage.Size == _full ? _options.Model : batch => Graph(batch, stage.Size);

    /// <summary>The model for the images with which a run ends.</summary>
    internal Func<int, Graph> LastModel => ModelOf(At(_options.Recipe.Train.Epochs - 1));

    /// <summary>The epoch from whose images statistics are estimated after an epoch: that one, or, where sizes change, the last of the run.</summary>
    /// <param name="epoch">From 0.</param>
    internal int EpochOfStatistics(int epoch) => Sizes.Count == 0 ? epoch : _options.Recipe.Train.Epochs - 1;

    /// <summary>What a stage trains on, and what its step does with that.</summary>
    /// <param name="epoch">An epoch of the stage.</param>
    internal StageBatches BatchesOf(int epoch)
    {
        var stage = At(epoch);
        var step = TrainingGraphOptions.Of(_options.Recipe, _options.ClassCounts) with { Frozen = FrozenOf(stage) };
        if (_options.GradientNorm) step = step with { GradientNorm = true };
        return new(_options, ModelOf(stage), step, epoch);
    }

    /// <summary>The labels of parameters and states that are frozen in a stage.</summary>
    internal IReadOnlySet<string> FrozenOf(TrainingStage stage) => _frozen.At(stage.Freeze);

    /// <summary>What a run that begins should know of its first stage; null for nothing.</summary>
    internal string? Introduction => _frozen.IsAny ? _frozen.Describe(At(0).Freeze) : null;

    /// <summary>The size of the images with which a run begins or goes on, where epochs differ in it; null where they do not.</summary>
    internal string? DescribeSize(TrainingStage stage) =>
        Sizes.Count == 0 ? null : FormattableString.Invariant($"training images of {stage.Size}×{stage.Size}");

    /// <summary>What is new in a stage, a line each.</summary>
    /// <param name="before">The stage before it.</param>
    /// <param name="now">The stage.</param>
    internal IEnumerable<string> Changes(TrainingStage before, TrainingStage now)
    {
        if (now.Size != before.Size)
            yield return FormattableString.Invariant($"training images of {now.Size}×{now.Size} from here on, {before.Size}×{before.Size} before");
        if (now.Freeze != before.Freeze)
            yield return _frozen.At(now.Freeze).Count == 0 ? "all parameters train from here on" : $"{_frozen.Describe(now.Freeze)} from here on";
    }

    private int SizeAt(int epoch) => SizeStage.At(Sizes, epoch, _options.Recipe.Train.Epochs, _full);

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
