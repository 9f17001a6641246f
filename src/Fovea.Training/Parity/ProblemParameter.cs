using Fovea.Data.Parity;
using Fovea.Tensors;

namespace Fovea.Training.Parity;

/// <summary>A parameter of the problem of <c>optimizers.json</c>: gradients a·(p − c) + 0.3·cos 3p.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Initial">What it begins with.</param>
/// <param name="Target">c.</param>
/// <param name="Curvature">a.</param>
internal sealed record ProblemParameter(string Name, Shape Shape, double[] Initial, double[] Target, double[] Curvature)
{
    /// <summary>The parameters of a fixture's problem, in its order.</summary>
    /// <exception cref="FixtureException">One of them lacks something, or has another shape.</exception>
    internal static IReadOnlyList<ProblemParameter> Read(FixtureNode problem)
    {
        const int most = 1_000_000;
        problem.Remark("loss");
        problem.Remark("groups");
        var (shapes, targets, curvatures) = (problem["shapes"], problem["target_c"], problem["curvature_a"]);
        return
        [
            .. problem["initial"].Fields.Select(entry =>
            {
                var shape = new Shape(shapes[entry.Name].Integers(1, most));
                var count = checked((int)shape.Elements);
                return new ProblemParameter(
                    entry.Name, shape, entry.Value.Flat(count), targets[entry.Name].Flat(count), curvatures[entry.Name].Flat(count));
            }),
        ];
    }

    /// <summary>The gradient at a place, in double.</summary>
    internal double[] GradientAt(double[] p) => [.. p.Select((x, i) => (Curvature[i] * (x - Target[i])) + (0.3 * Math.Cos(3 * x)))];

    /// <summary>The part of the loss at a place, in double.</summary>
    internal double LossAt(float[] p) => p.Select((x, i) => (0.5 * Curvature[i] * Math.Pow(x - Target[i], 2)) + (0.1 * Math.Sin(3.0 * x))).Sum();
}
