using Fovea.Analysis;
using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Models.Parity;

/// <summary>Compares a model of the catalogue, run by a backend, with its fixture.</summary>
/// <remarks>
/// Always: tensor names, shapes and order, counts, and the logits of two batches of images. In float32 also one step in training mode and
/// the re-parameterised form, where the fixture has them. Tolerances come from how far float32 PyTorch itself is from the fixture.
/// </remarks>
public sealed class ParityRun
{
    private const double LogitsLimit = 1e-5;
    private const double BFloat16LogitsLimit = 3e-2;
    private const double DeployTensorLimit = 1e-6;
    private const int Listed = 3;

    private readonly Fixture _fixture;
    private readonly FixtureModel _model;
    private readonly IBackend _backend;
    private readonly ParityResult _result;
    private readonly double _limit;

    private ParityRun(Fixture fixture, IBackend backend, DType precision)
    {
        (_fixture, _model, _backend) = (fixture, FixtureModel.Find(fixture.Id), backend);
        _limit = precision == DType.BFloat16 ? BFloat16LogitsLimit : LogitsLimit;
        _result = new ParityResult(fixture.Id, _model.Row.Name, backend.Name, precision);
    }

    /// <summary>Runs all comparisons.</summary>
    /// <param name="fixture">The fixture.</param>
    /// <param name="backend">What runs the model.</param>
    /// <param name="precision">Float32, or BFloat16 for mixed precision (<see cref="LowerPrecision"/>): then only evaluation is compared, more loosely.</param>
    /// <exception cref="ModelException">The catalogue does not have the model.</exception>
    public static ParityResult Compare(Fixture fixture, IBackend backend, DType precision = DType.Float32)
    {
        var run = new ParityRun(fixture, backend, precision);
        run.CompareStructure();
        if (!run._result.Passed) return run._result;
        run.CompareLogits();
        if (precision == DType.BFloat16) return run._result;
        if (fixture.Training is { } training) run.CompareTraining(training);
        if (fixture.Deploy is { } deploy) run.CompareDeploy(deploy);
        return run._result;
    }

    /// <summary>Compares what follows from the graph alone: names, shapes, order, norms and counts; of the re-parameterised form too.</summary>
    /// <exception cref="ModelException">The catalogue does not have the model.</exception>
    public static ParityResult CompareStructure(Fixture fixture)
    {
        var run = new ParityRun(fixture, new ReferenceBackend(), DType.Float32);
        run.CompareStructure();
        return run._result;
    }

    internal static double RelativeL2(ReadOnlySpan<float> ours, ReadOnlySpan<double> theirs)
    {
        var (difference, norm) = (0.0, 0.0);
        for (var i = 0; i < theirs.Length; i++)
        {
            difference += (ours[i] - theirs[i]) * (ours[i] - theirs[i]);
            norm += theirs[i] * theirs[i];
        }

        return Math.Sqrt(difference / norm);
    }

    internal static double Norm(ReadOnlySpan<float> elements)
    {
        var sum = 0.0;
        foreach (var x in elements) sum += (double)x * x;
        return Math.Sqrt(sum);
    }

    private Graph Build(Shape input) =>
        _model.Row.Build(new ModelOptions { Classes = _fixture.Classes, InputChannels = input.C, ImageSize = input.H }, input.N);

    private Dictionary<string, HostTensor> Weights(Func<FixtureTensor, ulong>? seed = null) => _fixture.Tensors.ToDictionary(
        tensor => _model.ToCatalogue(tensor.Name),
        tensor => FixtureTensors.Filled(tensor.Fill, tensor.Shape, seed?.Invoke(tensor) ?? tensor.Seed, _fixture.WeightGain));

    private void CompareStructure()
    {
        var graph = Build(_fixture.Input.With(0, 1));
        CompareTensors("tensors", graph, _fixture.Tensors.Select(tensor => Line(tensor.Name, tensor.Shape, tensor.Trainable)));
        var cost = CostAnalysis.Of(graph);
        _result.WantEqual("params", cost.Params, _fixture.Params);
        _result.WantEqual("macs", cost.Macs, _fixture.Macs);
        var norms = FixtureNorm.Of(graph);
        if (!norms.SequenceEqual(_fixture.Norms)) _result.Fail($"norms: {string.Join(", ", norms)}; wanted {string.Join(", ", _fixture.Norms)}");
        if (_fixture.Deploy is not { } deploy) return;
        var folded = Deploy.Structure(graph, _model.Row.DeployName, FoldsNorms(graph, deploy));
        CompareDeployTensors(folded, deploy);
        var deployCost = CostAnalysis.Of(folded);
        _result.WantEqual("deploy params", deployCost.Params, deploy.Params);
        _result.WantEqual("deploy macs", deployCost.Macs, deploy.Macs);
    }

    /// <summary>The order of the folded form's tensors has no meaning: PyTorch appends a module that takes the place of others.</summary>
    private void CompareDeployTensors(Graph folded, FixtureDeploy deploy)
    {
        var ours = Kept(folded).Select(variable => Line(_model.FromCatalogue(variable.Label), variable.Type.Shape, trainable: true)).ToHashSet();
        var theirs = deploy.Tensors.Select(tensor => Line(tensor.Name, tensor.Shape, trainable: true)).ToHashSet();
        if (ours.SetEquals(theirs)) return;
        _result.Fail($"deploy tensors: {List(ours.Except(theirs))} are not wanted; {List(theirs.Except(ours))} are missing");
    }

    /// <summary>Whether the fixture's folded form has none of the model's norms: timm leaves those that stand beside a single convolution.</summary>
    private bool FoldsNorms(Graph graph, FixtureDeploy deploy)
    {
        var theirs = deploy.Tensors.Select(tensor => _model.ToCatalogue(tensor.Name)).ToHashSet(StringComparer.Ordinal);
        return !graph.Nodes.Any(node => node.Op is BatchNorm && theirs.Contains(node.Inputs[1].Variable!.Label));
    }

    private static string List(IEnumerable<string> lines)
    {
        var all = lines.ToList();
        return all.Count switch
        {
            0 => "none",
            <= Listed => string.Join(", ", all),
            _ => $"{string.Join(", ", all.Take(Listed))} and {all.Count - Listed} more",
        };
    }

    private static IEnumerable<Variable> Kept(Graph graph) =>
        graph.Variables.Select(value => value.Variable!).Where(variable => variable.Kind is VariableKind.Parameter or VariableKind.State);

    private void CompareTensors(string what, Graph graph, IEnumerable<string> wanted)
    {
        var kept = Kept(graph).ToDictionary(variable => variable.Label);
        var ours = _model.FromCatalogue([.. kept.Keys])
            .Select(name => Line(name.Theirs, kept[name.Ours].Type.Shape, kept[name.Ours].Kind == VariableKind.Parameter)).ToList();
        var theirs = wanted.ToList();
        for (var i = 0; i < Math.Max(ours.Count, theirs.Count); i++)
        {
            var (is_, should) = (ours.ElementAtOrDefault(i) ?? "nothing", theirs.ElementAtOrDefault(i) ?? "nothing");
            if (is_ == should) continue;
            _result.Fail($"{what}: number {i} is {is_}; wanted {should}");
            return;
        }
    }

    private void CompareLogits()
    {
        using var session = _backend.Open();
        var graph = Build(_fixture.Input);
        using var plan = session.Compile(_result.Precision == DType.BFloat16 ? new PassDriver().Run(graph, new LowerPrecision()) : graph);
        var (noise, blocks) = (FixtureTensors.Noise(_fixture.Input, _fixture.Salt, "input"), FixtureTensors.Blocks(_fixture.Input, _fixture.Salt));
        Load(session, Weights());
        _result.LogitsRelativeError = Logits(plan, noise, _fixture.Logits, "logits", _limit);
        _result.LogitsBlocksRelativeError = Logits(plan, blocks, _fixture.LogitsBlocks, "logits_blocks", _limit);
        if (_fixture.LogitsWithAliasSeeds is not { } alias) return;
        var aliases = _fixture.KeyMap.ToDictionary(pair => pair.Name, pair => pair.Alias);
        Load(session, Weights(tensor => FixtureTensors.Seed(_fixture.Salt, aliases[tensor.Name])));
        _result.AliasLogitsRelativeError = Logits(plan, noise, alias, "logits_with_alias_seeds", _limit);
    }

    private void CompareTraining(FixtureTraining training) =>
        new ParityTraining(_fixture, training, _model, _result).Compare(Build(training.Input), Weights(), _backend);

    private void CompareDeploy(FixtureDeploy deploy)
    {
        var graph = Build(_fixture.Input);
        var folded = Deploy.Fold(graph, Weights(), _model.Row.DeployName, FoldsNorms(graph, deploy));
        _result.DeployTensorRelativeError = deploy.Tensors.Max(tensor =>
            Math.Abs(Norm(folded.Weights[_model.ToCatalogue(tensor.Name)].Floats) - tensor.Norm) / tensor.Norm);
        _result.Want("deploy tensors (norm)", _result.DeployTensorRelativeError.Value, DeployTensorLimit);
        using var session = _backend.Open();
        using var plan = session.Compile(folded.Graph);
        Load(session, folded.Weights);
        _result.DeployLogitsRelativeError = Logits(plan, FixtureTensors.Noise(_fixture.Input, _fixture.Salt, "input"), deploy.Logits, "deploy logits", _limit);
    }

    private double Logits(IExecutable plan, HostTensor images, double[] theirs, string what, double limit)
    {
        plan.Fill("input", images);
        plan.Run();
        var error = RelativeL2(plan.Result("logits"), theirs);
        _result.Want(what, error, limit);
        return error;
    }

    internal static void Load(ISession session, IReadOnlyDictionary<string, HostTensor> weights)
    {
        foreach (var (label, tensor) in weights) session.Write(label, tensor);
    }

    private static string Line(string name, Shape shape, bool trainable) => $"{name} {shape}{(trainable ? "" : " (not trained)")}";
}
