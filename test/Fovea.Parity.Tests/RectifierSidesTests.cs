using Fovea.Backends.OneDnn;
using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Models;
using Fovea.Models.Building;
using Fovea.Models.Parity;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Parity.Tests;

/// <summary>A step of training whose rectifiers take their sides from the oracle's run: then every element of every gradient agrees to rounding.</summary>
public sealed class RectifierSidesTests
{
    private const int Batch = 4;
    private const int Classes = 10;

    /// <summary>Of the norm of a gradient.</summary>
    private const double Tolerance = 5e-5;

    /// <summary>Of the norm of all gradients together: some are zero in theory.</summary>
    private const double Slack = 1e-6;

    /// <summary>Models of families whose gradients pass other kernels: residual, re-parameterisable, depthwise and gated, dense, grouped, shuffled.</summary>
    public static TheoryData<string, int> Nets => new()
    {
        { "resnet20", 32 }, { "repvgg", 64 }, { "mobilenetv3_large_100", 64 },
        { "cifar_densenet", 32 }, { "regnetx_002", 64 }, { "shufflenet_v2_x1_0", 64 },
    };

    [Theory]
    [MemberData(nameof(Nets))]
    public void Every_gradient_agrees_with_the_oracle_element_by_element(string model, int size)
    {
        var training = new PassDriver().Run(Build(model, size), new SettleRandomness(), new EnterTraining());
        var known = Known(training);
        var arguments = new Dictionary<string, OracleTensor>(StringComparer.Ordinal);
        var watched = TakeSides.Arguments(training);
        var found = Interpreter.Run(watched, variable => OracleTensor.From(known[variable.Label]));
        foreach (var (name, value) in watched.Outputs) arguments[name] = found[value];

        var sides = new TakeSides();
        var step = sides.Apply(training);
        foreach (var (name, tensor) in sides.Pieces(name => arguments[name])) known.Add(name, tensor);
        Differentiate(step);
        var wanted = Interpreter.Run(step, variable => OracleTensor.From(known[variable.Label]));
        using var session = new OneDnnBackend().Open();
        using var plan = session.Compile(step);
        foreach (var variable in step.Variables.Select(value => value.Variable!))
        {
            if (variable.Kind == VariableKind.Input) plan.Fill(variable.Label, known[variable.Label]);
            else session.Write(variable.Label, known[variable.Label]);
        }

        plan.Run();
        var total = Math.Sqrt(step.Outputs.Where(IsGradient).Sum(output => wanted[output.Value].Elements.Sum(x => x * x)));
        var wrong = step.Outputs.Select(output =>
            Judged(output.Name, wanted[output.Value].Elements, plan.Result(output.Name), IsGradient(output) ? Slack * total : 0));
        Assert.Equal("", string.Join(Environment.NewLine, wrong.OfType<string>()));
    }

    private static Graph Build(string model, int size)
    {
        var row = ModelCatalog.Find(model);
        var options = new ModelOptions { Classes = Classes, ImageSize = size };
        return row.Build(row.IsFreeForm ? options with { NumBlocks = [2, 2, 2, 1], WidthMultiplier = [0.5, 0.5, 0.5, 0.5] } : options, Batch);
    }

    /// <summary>A value for every input, parameter and state, none of them special.</summary>
    private static Dictionary<string, HostTensor> Known(Graph training)
    {
        var target = training.Input("target", new TensorType(DType.Int32, new Shape(Batch)));
        var known = training.Variables.Select(value => value.Variable!).ToDictionary(variable => variable.Label, Filled, StringComparer.Ordinal);
        for (var i = 0; i < Batch; i++) known[target.Variable!.Label].Ints[i] = (7 * i) + 3 < Classes ? (7 * i) + 3 : i;
        return known;
    }

    private static HostTensor Filled(Variable variable)
    {
        var shape = variable.Type.Shape;
        if (variable.Type.DType == DType.Int32) return new HostTensor(variable.Type);
        if (variable.Kind == VariableKind.Input) return FixtureTensors.Noise(shape, "sides", variable.Label);
        var rule = variable.Label.Split('.')[^1] switch
        {
            "running_var" => "var",
            "running_mean" => "mean",
            _ when shape.Rank > 1 => "weight",
            "weight" => "norm_weight",
            _ => "bias",
        };
        return FixtureTensors.Filled(rule, shape, FixtureTensors.Seed("sides", variable.Label));
    }

    /// <summary>Makes the loss and the gradient of each parameter the only outputs beside the logits.</summary>
    private static void Differentiate(Graph step)
    {
        var loss = step.Output("logits").SoftmaxCrossEntropy(step.Variable("target")).Mean(0);
        step.Output("loss", loss);
        var parameters = step.Variables.Where(value => value.Variable!.Kind == VariableKind.Parameter).ToArray();
        var gradients = Autodiff.Gradients(loss, parameters);
        for (var i = 0; i < parameters.Length; i++)
            step.Output($"d {parameters[i].Variable!.Label}", gradients[i] ?? throw new InvalidOperationException($"no gradient reaches {parameters[i]}"));
    }

    private static bool IsGradient((string Name, Value Value) output) => output.Name.StartsWith("d ", StringComparison.Ordinal);

    private static string? Judged(string name, double[] wanted, ReadOnlySpan<float> found, double slack)
    {
        var (difference, norm) = (0.0, 0.0);
        for (var i = 0; i < wanted.Length; i++)
        {
            difference += Math.Pow(wanted[i] - found[i], 2);
            norm += Math.Pow(wanted[i], 2);
        }

        var (distance, limit) = (Math.Sqrt(difference), (Tolerance * Math.Sqrt(norm)) + slack);
        if (distance <= limit) return null;
        return FormattableString.Invariant($"{name}: {distance:G3} off; wanted at most {limit:G3}, its norm is {Math.Sqrt(norm):G3}");
    }
}
