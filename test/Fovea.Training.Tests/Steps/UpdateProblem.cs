using Fovea.Backends.OneDnn;
using Fovea.Data.Parity;
using Fovea.Execution;
using Fovea.Training.Parity;
using Fovea.Training.Steps;

namespace Fovea.Training.Tests.Steps;

/// <summary>The problem of the optimisers' fixture, with what tests want to know of it.</summary>
internal sealed class UpdateProblem(string backend, TrainingGraphOptions options, double rate) : IDisposable
{
    private static readonly IReadOnlyList<ProblemParameter> s_parameters =
        ProblemParameter.Read(new FixtureNode(Fixtures.Read("optimizers.json").GetProperty("problem")));

    private readonly OptimizerProblem _problem = new(Backends[backend], s_parameters, options, rate);

    internal static IReadOnlyDictionary<string, IBackend> Backends { get; } = new Dictionary<string, IBackend>
    {
        ["reference"] = new ReferenceBackend(), ["onednn"] = new OneDnnBackend(new OneDnnOptions { Guard = true }),
    };

    internal static IReadOnlyList<string> Names { get; } = ["w1.weight", "w1.bias", "w2.weight"];

    internal bool HasGradient { get; init; } = true;

    internal void Step(double? rate = null) => _problem.Step(HasGradient, rate);

    internal void AssertNear(string name, double[] expected)
    {
        var actual = Read(name);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(
                Math.Abs(expected[i] - actual[i]) < OptimizerCases.Bound, $"{name}[{i}] after step {_problem.Steps}: {actual[i]}; wanted {expected[i]}");
    }

    internal float[] Read(string name) => _problem.Read(name);

    internal static double[] Initial(string name) => [.. Of(name).Initial];

    internal static double[] GradientAt(string name, double[] p) => Of(name).GradientAt(p);

    private static ProblemParameter Of(string name) => s_parameters.Single(one => one.Name == name);

    public void Dispose() => _problem.Dispose();
}
