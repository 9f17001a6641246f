using System.Globalization;
using System.Text.Json;
using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Training.Batches;
using Fovea.Training.Optimizers;
using Fovea.Training.RepOpt;
using Fovea.Training.State;
using Fovea.Training.Steps;

namespace Fovea.Training.Parity;

/// <summary>A small RepOpt-VGG of a fixture, filled, with its scales and the batch that it is trained on.</summary>
internal sealed class RepOptNet : IDisposable
{
    private readonly ISession _session;
    private readonly TrainingStep _step;
    private readonly Batch _batch;
    private readonly double _rate;
    private readonly RunState _state = new();

    /// <summary>Builds and fills the net.</summary>
    /// <param name="entry">A run of the fixture: model, tensors, scales of the blocks in forward order.</param>
    /// <param name="rule">The rule with its RepOptimizer.</param>
    /// <param name="backend">What computes it.</param>
    /// <param name="models">Builds and fills it.</param>
    internal RepOptNet(JsonElement entry, OptimizerOptions rule, IBackend backend, FixtureModels models)
    {
        var of = entry.GetProperty("model");
        var model = new RepOptModel(of.Integers("num_blocks"), of.Numbers("width_multiplier"), (int)of.Number("num_classes"), new(of.Integers("input")));
        Graph Build(int count) => models.RepOpt(model with { Input = model.Input.With(0, count) });
        Variable[] parameters = [.. Build(1).Variables.Select(value => value.Variable!).Where(variable => variable.Kind == VariableKind.Parameter)];
        (_rate, _session, Parameters) = (rule.LearningRate, backend.Open(), [.. parameters.Select(variable => variable.Label)]);
        _step = new(_session, Build, new() { Optimizer = rule }, model.Input.N);
        foreach (var tensor in entry.GetProperty("tensors").EnumerateArray())
            _session.Write(tensor.Name(), models.Filled(tensor.GetProperty("fill").GetString()!, new(tensor.Integers("shape")), Seed(tensor, "seed")));
        var kernels = parameters.Where(variable => BranchNames.OfKernel(variable.Label, variable.Type.Shape) is not null).ToArray();
        var scales = entry.GetProperty("scales").EnumerateArray().ToArray();
        if (scales.Length != kernels.Length) throw new FormatException($"there are scales of {scales.Length} blocks; the model has {kernels.Length}");
        foreach (var (kernel, given) in kernels.Zip(scales)) RepOptOptions.Write(_session, InOrder(kernel.Label, given), rule);
        _batch = new(model.Input.N, models.Filled("input", model.Input, Seed(of, "input_seed")).Floats.ToArray(), of.Integers("labels"));
    }

    /// <summary>The names of the parameters.</summary>
    internal IReadOnlyList<string> Parameters { get; }

    /// <summary>Makes a step, and returns the loss before it.</summary>
    internal double Step() => _step.Run(_batch, _state, _rate).Loss;

    /// <summary>A variable.</summary>
    internal float[] Read(string name) => _session.Read(name).Floats.ToArray();

    /// <summary>Takes over all variables of another net.</summary>
    internal void Take(RepOptNet other)
    {
        foreach (var name in _session.Variables) _session.Write(name, other._session.Read(name));
    }

    public void Dispose()
    {
        _step.Dispose();
        _session.Dispose();
    }

    /// <summary>Those of the identity, where there is one, of the 1×1 convolution, and of the 3×3 one.</summary>
    private static BlockScales InOrder(string kernel, JsonElement given)
    {
        float[][] scales = [.. given.EnumerateArray().Select(one => one.Numbers().Select(x => (float)x).ToArray())];
        return scales switch
        {
            [var point, var conv] => new(kernel, conv, point, null),
            [var identity, var point, var conv] => new(kernel, conv, point, identity),
            _ => throw new FormatException($"{kernel} has {scales.Length} lists of scales; wanted 2 or 3"),
        };
    }

    private static ulong Seed(JsonElement json, string name) =>
        ulong.Parse(json.GetProperty(name).GetString()!, NumberStyles.None, CultureInfo.InvariantCulture);
}
