using Fovea.Data.Parity;
using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Tensors;
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
    internal RepOptNet(FixtureNode entry, OptimizerOptions rule, IBackend backend, FixtureModels models)
    {
        var of = entry["model"];
        var model = Model(of);
        Graph Build(int count) => models.RepOpt(model with { Input = model.Input.With(0, count) });
        Variable[] variables = [.. Build(1).Variables.Select(value => value.Variable!)];
        Variable[] parameters = [.. variables.Where(variable => variable.Kind == VariableKind.Parameter)];
        (_rate, _session, Parameters) = (rule.LearningRate, backend.Open(), [.. parameters.Select(variable => variable.Label)]);
        var batch = new Batch(model.Input.N, models.Filled("input", model.Input, of["input_seed"].Seed()).Floats.ToArray(), Labels(of["labels"], model));
        _step = new(_session, Build, new() { Optimizer = rule }, model.Input.N);
        Fill(entry["tensors"], [.. variables.Where(variable => variable.Kind is VariableKind.Parameter or VariableKind.State)], models);
        var kernels = parameters.Where(variable => BranchNames.OfKernel(variable.Label, variable.Type.Shape) is not null).ToArray();
        var scales = entry["scales"].Items;
        if (scales.Count != kernels.Length) throw entry["scales"].Wrong($"are of {scales.Count} blocks; wanted {kernels.Length}, as many as the model has");
        foreach (var (kernel, given) in kernels.Zip(scales)) RepOptOptions.Write(_session, InOrder(kernel, given), rule);
        _batch = batch;
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

    /// <summary>The model of a run, in the form of the target.</summary>
    private static RepOptModel Model(FixtureNode of)
    {
        const int most = 4096;
        if (of["mode"].Text() != "target") throw of["mode"].Wrong($"is '{of["mode"].Text()}'; wanted target, the form that is trained");
        var (blocks, input) = (of["num_blocks"].Integers(1, most), of["input"].Integers(1, most));
        if (blocks.Length != 4) throw of["num_blocks"].Wrong($"has {blocks.Length} stages; wanted 4");
        if (input.Length != 4) throw of["input"].Wrong($"has {input.Length} extents; wanted [N, C, H, W]");
        return new(blocks, of["width_multiplier"].Numbers(blocks.Length), of["num_classes"].Integer(1), new(input));
    }

    private static int[] Labels(FixtureNode labels, RepOptModel model) =>
        [.. LossBatch.LabelsOf(labels, model.Input.N, model.Classes).Select(label => (int)label)];

    /// <summary>Fills all variables of the model, which must be those that are listed.</summary>
    private void Fill(FixtureNode tensors, Variable[] variables, FixtureModels models)
    {
        var missing = variables.ToDictionary(variable => variable.Label);
        foreach (var tensor in tensors.Items)
        {
            var (name, extents) = (tensor["name"].Text(), tensor["shape"].Integers(least: 1));
            if (!missing.Remove(name, out var variable)) throw tensor["name"].Wrong($"is '{name}', which the model does not have, or which is listed twice");
            if (new Shape(extents) != variable.Type.Shape) throw tensor["shape"].Wrong($"is [{string.Join(", ", extents)}]; wanted {variable.Type.Shape}");
            if (tensor["trainable"].Flag() != (variable.Kind == VariableKind.Parameter))
                throw tensor["trainable"].Wrong($"is not what the model does with {name}, a {variable.Kind}");
            _session.Write(name, Filled(tensor["fill"], variable.Type.Shape, tensor["seed"].Seed(), models));
        }

        if (missing.Count > 0) throw tensors.Wrong($"lack {string.Join(", ", missing.Keys.Take(3))}; wanted all {variables.Length} of the model");
    }

    private static HostTensor Filled(FixtureNode fill, Shape shape, ulong seed, FixtureModels models)
    {
        string[] known = ["weight", "norm_weight", "var", "mean", "bias", "scale", "embed"];
        return known.Contains(fill.Text())
            ? models.Filled(fill.Text(), shape, seed)
            : throw fill.Wrong($"is '{fill.Text()}'; wanted {string.Join(", ", known)}");
    }

    /// <summary>Those of the identity, where there is one, of the 1×1 convolution, and of the 3×3 one.</summary>
    private static BlockScales InOrder(Variable kernel, FixtureNode given)
    {
        float[][] scales = [.. given.Items.Select(one => one.Numbers(kernel.Type.Shape.N).Select(x => (float)x).ToArray())];
        return scales switch
        {
            [var point, var conv] => new(kernel.Label, conv, point, null),
            [var identity, var point, var conv] => new(kernel.Label, conv, point, identity),
            _ => throw given.Wrong($"has {scales.Length} lists of scales for {kernel.Label}; wanted 2 or 3"),
        };
    }
}
