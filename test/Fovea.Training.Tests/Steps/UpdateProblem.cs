using System.Text.Json;
using Fovea.Backends.OneDnn;
using Fovea.Execution;
using Fovea.Training.Parity;
using Fovea.Training.Steps;

namespace Fovea.Training.Tests.Steps;

/// <summary>The problem of the optimisers' fixture, with what tests want to know of it.</summary>
internal sealed class UpdateProblem(string backend, TrainingGraphOptions options, double rate) : IDisposable
{
    private readonly OptimizerProblem _problem = new(Backends[backend], Definition, options, rate);

    private static JsonElement Definition => Fixture.GetProperty("problem");

    internal static JsonElement Fixture { get; } = Fixtures.Read("optimizers.json");

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

    internal static double[] Initial(string name) => Definition.GetProperty("initial").GetProperty(name).Numbers();

    internal static double[] GradientAt(string name, double[] p) => OptimizerProblem.GradientAt(Definition, name, p);

    public void Dispose() => _problem.Dispose();
}
