using Fovea.Training.Optimizers;

namespace Fovea.Training.Tests.Steps;

/// <summary>Rules that the fixture has no case of, against their publications written out in double.</summary>
public class OptimizerOracleTests
{
    private const double Rate = 0.02;
    private const int Steps = 5;

    /// <summary>One step of a rule over all parameters: weights, gradients and decays, and the number of the step from 1.</summary>
    private delegate void Oracle(double[][] w, double[][] g, double[] decay, int t);

    private static readonly Dictionary<string, (OptimizerOptions Options, Func<Oracle> Oracle)> s_rules = new()
    {
        ["adagrad"] = (new AdagradOptions { RateDecay = 0.1, InitialSum = 0.2 }, Adagrad),
        ["nadam"] = (new NAdamOptions(), () => NAdam(decoupled: false)),
        ["nadam decoupled"] = (new NAdamOptions { DecoupledDecay = true }, () => NAdam(decoupled: true)),
        ["adan"] = (new AdanOptions(), () => Adan(proximal: true)),
        ["adan no_proximal"] = (new AdanOptions { NoProximal = true }, () => Adan(proximal: false)),
        ["lion"] = (new LionOptions(), Lion),
        ["lamb"] = (new LambOptions(), () => Lamb(clips: false)),
        ["lamb trust_clip always_adapt"] = (new LambOptions { TrustClip = true, AlwaysAdapt = true }, () => Lamb(clips: true)),
    };

    public static TheoryData<string, string> Cases
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var backend in UpdateProblem.Backends.Keys)
                foreach (var rule in s_rules.Keys) rows.Add(backend, rule);
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    [Trait("row", "S3-02")]
    public void Updates_are_those_of_the_publication(string backend, string rule)
    {
        var (options, make) = s_rules[rule];
        var oracle = make();
        var w = UpdateProblem.Names.Select(UpdateProblem.Initial).ToArray();
        double[] decay = [.. UpdateProblem.Names.Select(name => name == "w1.bias" ? 0 : 0.03)];
        using var problem = new UpdateProblem(backend, new() { Optimizer = options with { LearningRate = Rate, WeightDecay = 0.03 } }, Rate);
        for (var t = 1; t <= Steps; t++)
        {
            oracle(w, [.. UpdateProblem.Names.Select((name, i) => UpdateProblem.GradientAt(name, w[i]))], decay, t);
            problem.Step();
            for (var i = 0; i < w.Length; i++) problem.AssertNear(UpdateProblem.Names[i], w[i]);
        }
    }

    /// <summary>In the first step the momentum is a multiple of the gradient, whose norm is taken out.</summary>
    [Theory]
    [InlineData("reference")]
    [InlineData("onednn")]
    public void Muon_steps_by_the_gradient_made_nearly_orthogonal(string backend)
    {
        using var problem = new UpdateProblem(backend, new() { Optimizer = new MuonOptions { LearningRate = Rate } }, Rate);
        problem.Step();
        foreach (var (name, rows) in ((string, int)[])[("w1.weight", 4), ("w2.weight", 2)])
        {
            var w = UpdateProblem.Initial(name);
            var x = Orthogonal(UpdateProblem.GradientAt(name, w), rows);
            var stretch = Math.Sqrt(Math.Max(1, rows / (double)(w.Length / rows)));
            problem.AssertNear(name, [.. w.Select((number, i) => number - (Rate * stretch * x[i]))]);
        }
    }

    /// <summary>X = a·X + (b·A + c·A²)·X with A = X·Xᵀ, five times; that of a tall matrix is the same on either side.</summary>
    private static double[] Orthogonal(double[] matrix, int rows)
    {
        var columns = matrix.Length / rows;
        double[] x = [.. matrix.Select(number => number / Norm(matrix))];
        for (var k = 0; k < 5; k++)
        {
            var square = Times(x, Turned(x, rows), rows, columns);
            var fourth = Times(square, square, rows, rows);
            var factor = square.Zip(fourth, (a, b) => (-4.7750 * a) + (2.0315 * b)).ToArray();
            x = [.. x.Zip(Times(factor, x, rows, rows), (a, b) => (3.4445 * a) + b)];
        }

        return x;
    }

    private static double[] Turned(double[] x, int rows) =>
        [.. Enumerable.Range(0, x.Length).Select(i => x[(i % rows * (x.Length / rows)) + (i / rows)])];

    private static double[] Times(double[] a, double[] b, int rows, int inner)
    {
        var columns = b.Length / inner;
        return
        [
            .. Enumerable.Range(0, rows * columns)
                .Select(i => Enumerable.Range(0, inner).Sum(k => a[(i / columns * inner) + k] * b[(k * columns) + (i % columns)])),
        ];
    }

    private static Oracle Adagrad()
    {
        var sums = Slots(0.2);
        return (w, g, decay, t) => Each(w, (i, j) =>
        {
            var d = g[i][j] + (decay[i] * w[i][j]);
            sums[i][j] += d * d;
            w[i][j] -= Rate / (1 + ((t - 1) * 0.1)) * d / (Math.Sqrt(sums[i][j]) + 1e-10);
        });
    }

    private static Oracle NAdam(bool decoupled)
    {
        var (m, v, product) = (Slots(), Slots(), 1.0);
        return (w, g, decay, t) =>
        {
            double Mu(int step) => 0.9 * (1 - (0.5 * Math.Pow(0.96, step * 4e-3)));
            product *= Mu(t);
            Each(w, (i, j) =>
            {
                if (decoupled) w[i][j] *= 1 - (Rate * decay[i]);
                var d = g[i][j] + (decoupled ? 0 : decay[i] * w[i][j]);
                m[i][j] = (0.9 * m[i][j]) + (0.1 * d);
                v[i][j] = (0.999 * v[i][j]) + (0.001 * d * d);
                var root = Math.Sqrt(v[i][j] / (1 - Math.Pow(0.999, t))) + 1e-8;
                w[i][j] -= Rate * (((1 - Mu(t)) / (1 - product) * d) + (Mu(t + 1) / (1 - (product * Mu(t + 1))) * m[i][j])) / root;
            });
        };
    }

    private static Oracle Adan(bool proximal)
    {
        var (m, v, n, last) = (Slots(), Slots(), Slots(), Slots());
        return (w, g, decay, t) => Each(w, (i, j) =>
        {
            var d = g[i][j];
            var change = t == 1 ? 0 : d - last[i][j];
            last[i][j] = d;
            m[i][j] = (0.98 * m[i][j]) + (0.02 * d);
            v[i][j] = (0.92 * v[i][j]) + (0.08 * change);
            n[i][j] = (0.99 * n[i][j]) + (0.01 * Math.Pow(d + (0.92 * change), 2));
            var root = Math.Sqrt(n[i][j] / (1 - Math.Pow(0.99, t))) + 1e-8;
            var step = Rate * ((m[i][j] / (1 - Math.Pow(0.98, t))) + (0.92 * v[i][j] / (1 - Math.Pow(0.92, t)))) / root;
            w[i][j] = proximal ? (w[i][j] - step) / (1 + (Rate * decay[i])) : (w[i][j] * (1 - (Rate * decay[i]))) - step;
        });
    }

    private static Oracle Lion()
    {
        var m = Slots();
        return (w, g, decay, _) => Each(w, (i, j) =>
        {
            var sign = Math.Sign((0.9 * m[i][j]) + (0.1 * g[i][j]));
            w[i][j] = (w[i][j] * (1 - (Rate * decay[i]))) - (Rate * sign);
            m[i][j] = (0.99 * m[i][j]) + (0.01 * g[i][j]);
        });
    }

    private static Oracle Lamb(bool clips)
    {
        var (m, v) = (Slots(), Slots());
        return (w, g, decay, t) =>
        {
            var clip = Math.Max(1, Norm(g.SelectMany(x => x)));
            var u = Slots();
            Each(w, (i, j) =>
            {
                var d = g[i][j] / clip;
                m[i][j] = (0.9 * m[i][j]) + (0.1 * d);
                v[i][j] = (0.999 * v[i][j]) + (0.001 * d * d);
                var root = (Math.Sqrt(v[i][j]) / Math.Sqrt(1 - Math.Pow(0.999, t))) + 1e-6;
                u[i][j] = (m[i][j] / (1 - Math.Pow(0.9, t)) / root) + (decay[i] * w[i][j]);
            });
            var ratios = w.Select((x, i) => clips ? Math.Min(1, Norm(x) / Norm(u[i])) : decay[i] == 0 ? 1 : Norm(x) / Norm(u[i])).ToArray();
            Each(w, (i, j) => w[i][j] -= Rate * ratios[i] * u[i][j]);
        };
    }

    private static double Norm(IEnumerable<double> x) => Math.Sqrt(x.Sum(y => y * y));

    private static double[][] Slots(double start = 0) =>
        [.. UpdateProblem.Names.Select(name => Enumerable.Repeat(start, UpdateProblem.Initial(name).Length).ToArray())];

    private static void Each(double[][] w, Action<int, int> at)
    {
        for (var i = 0; i < w.Length; i++)
            for (var j = 0; j < w[i].Length; j++) at(i, j);
    }
}
