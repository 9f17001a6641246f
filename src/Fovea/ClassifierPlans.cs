using Fovea.Execution;
using Fovea.Formats.Artefact;
using Fovea.Training.Steps;

namespace Fovea;

/// <summary>The plans of a model: for one image, compiled at once, and for a batch, compiled when one first comes.</summary>
internal sealed class ClassifierPlans : IDisposable
{
    private readonly FoveaModel _model;
    private readonly ClassifierOptions _options;
    private readonly ISession _session;
    private readonly IExecutable _single;
    private IExecutable? _batch;

    internal ClassifierPlans(FoveaModel model, IBackend backend, ClassifierOptions options)
    {
        (_model, _options) = (model, options);
        _session = backend.Open();
        try
        {
            _single = Compile(1);
            foreach (var (name, tensor) in model.Weights) _session.Write(name, tensor);
            _single.Run();   // what depends on weights alone is computed now, not at the first image
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The most images of one run.</summary>
    internal int Batch => _options.Batch;

    /// <summary>The logits of some images, valid until the next run.</summary>
    internal ReadOnlySpan<float> Run(ReadOnlySpan<float> images, int count)
    {
        var plan = count == 1 ? _single : _batch ??= Compile(Batch);
        images.CopyTo(plan.Floats(FoveaModel.InputName));
        plan.Run();
        return plan.Result(FoveaModel.OutputName)[..(count * _model.Card.Classes.Count)];
    }

    public void Dispose()
    {
        _single?.Dispose();
        _batch?.Dispose();
        _session.Dispose();
    }

    private IExecutable Compile(int batch) => _session.Compile(_model.GraphFor(batch).In(_options.Precision));
}
