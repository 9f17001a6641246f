using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Models.Parity;

/// <summary>Compares one forward and backward pass in training mode with a fixture.</summary>
internal sealed class ParityTraining(Fixture fixture, FixtureTraining training, FixtureModel model, ParityResult result)
{
    /// <summary>
    /// Limits are this many times the deviation of float32 PyTorch: another order of summation moves other rectifiers' inputs over zero, and
    /// which ones depends on the instruction set. One of them moves the gradients of all layers before it by some 1e-4.
    /// </summary>
    private const double Allowance = 10;
    private const double SmallestLimit = 1e-5;
    private const double SmallestMedianLimit = 1e-3;
    private const double SmallestWorstLimit = 3e-2;

    /// <summary>Norms below this part of the total count as that much.</summary>
    private const double SmallestGradient = 1e-4;

    /// <summary>What every norm may differ by, as a part of the total: some gradients are zero in theory.</summary>
    private const double Slack = 1e-5;

    internal void Compare(Graph inference, Dictionary<string, HostTensor> weights, IBackend backend)
    {
        var graph = new PassDriver().Run(inference, new SettleRandomness(), new EnterTraining());
        var parameters = Differentiate(graph);
        using var session = backend.Open();
        using var plan = session.Compile(graph);
        ParityRun.Load(session, weights);
        plan.Fill("input", FixtureTensors.Noise(training.Input, fixture.Salt, "input4"));
        training.Labels.CopyTo(plan.Ints("target"));
        plan.Run();
        CompareForward(plan, session);
        CompareGradients(parameters.ToDictionary(label => model.FromCatalogue(label), label => ParityRun.Norm(plan.Result(Gradient(label)))));
    }

    /// <summary>Adds the mean cross-entropy, with the auxiliaries' part, as the output <c>loss</c>, and the gradient of each parameter as its own.</summary>
    /// <returns>The parameters that have a gradient.</returns>
    private List<string> Differentiate(Graph graph)
    {
        var target = graph.Input("target", new TensorType(DType.Int32, new Shape(training.Input.N)));
        var loss = graph.Output("logits").SoftmaxCrossEntropy(target).Mean(0);
        foreach (var (_, value, lossWeight) in graph.Auxiliaries) loss = loss.Plus(value.SoftmaxCrossEntropy(target).Mean(0).Affine(lossWeight, 0));
        graph.Output("loss", loss);
        var parameters = graph.Variables.Where(value => value.Variable!.Kind == VariableKind.Parameter).ToList();
        var gradients = Autodiff.Gradients(loss, parameters);
        var named = new List<string>();
        for (var i = 0; i < gradients.Length; i++)
        {
            if (gradients[i] is not { } gradient) continue;
            named.Add(parameters[i].Variable!.Label);
            graph.Output(Gradient(named[^1]), gradient);
        }

        return named;
    }

    private void CompareForward(IExecutable plan, ISession session)
    {
        var deviation = fixture.Float32Deviation;
        var logitsLimit = Limit(deviation.TrainLogits, SmallestLimit);
        result.TrainLogitsRelativeError = ParityRun.RelativeL2(plan.Result("logits"), training.Logits);
        result.Want("train logits", result.TrainLogitsRelativeError.Value, logitsLimit);
        var loss = plan.Result("loss")[0];
        result.LossRelativeError = Math.Abs(loss - training.Loss) / training.Loss;
        result.Want("loss (absolute)", Math.Abs(loss - training.Loss), logitsLimit);
        if (training.Running.Count == 0) return;
        var running = training.Running.Select(entry => (Name: entry.Key, Error: Relative(Running(session, entry.Key), entry.Value)));
        var worst = running.MaxBy(statistic => statistic.Error);
        result.RunningRelativeError = worst.Error;
        result.Want($"running statistics ({worst.Name})", worst.Error, Limit(deviation.Running, SmallestLimit));
    }

    private void CompareGradients(Dictionary<string, double> ours)
    {
        var errors = new List<double>();
        var worst = (Name: "", RelativeError: -1.0);
        foreach (var (name, expected) in training.Gradients)
        {
            if (expected is null != !ours.ContainsKey(name))
            {
                result.Fail($"gradient of {name}: {(expected is null ? "there is one; wanted none" : "there is none; wanted one")}");
                continue;
            }

            if (expected is not { } norm) continue;
            var difference = Math.Abs(ours[name] - norm);
            errors.Add(difference / Math.Max(norm, SmallestGradient * training.GradientTotal));
            var error = Beyond(difference - (Slack * training.GradientTotal), norm);
            if (!(error <= worst.RelativeError)) worst = (name, error);
        }

        errors.Sort();
        result.MedianGradientRelativeError = errors[errors.Count / 2];
        result.WorstGradient = worst;
        result.Want("gradient norms (median)", errors[errors.Count / 2], Limit(fixture.Float32Deviation.GradientMedian, SmallestMedianLimit));
        result.Want($"gradient norm of {worst.Name}", worst.RelativeError, Limit(fixture.Float32Deviation.GradientWorst, SmallestWorstLimit));
    }

    private double Running(ISession session, string name) => ParityRun.Norm(session.Read(model.ToCatalogue(name)).Floats);

    /// <summary>What is left of a difference, relative; NaN stays NaN.</summary>
    private static double Beyond(double left, double norm) => left <= 0 ? 0 : left / norm;

    private static double Relative(double ours, double theirs) => Math.Abs(ours - theirs) / theirs;

    private static double Limit(double deviation, double smallest) => Math.Max(smallest, Allowance * deviation);

    private static string Gradient(string label) => $"gradient:{label}";
}
