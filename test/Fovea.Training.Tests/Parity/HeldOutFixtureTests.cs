using System.Text.Json;
using Fovea.Execution;
using Fovea.Training.Parity;

namespace Fovea.Training.Tests.Parity;

/// <summary>Fixtures of other seeds, shapes, step counts and options, whose truth is computed here in double: they pass, and their neighbours do not.</summary>
public class HeldOutFixtureTests
{
    private const int Samples = 3;
    private const int Classes = 4;

    private static readonly double[][] s_logits = [[0.5, -1.25, 2, 0.125], [-0.75, 0.25, 1.5, -2], [1, 0, -0.5, 0.75]];
    private static readonly int[] s_labels = [2, 0, 3];
    private static readonly int[] s_counts = [500, 60, 12, 4];
    private static readonly double[] s_positive = [0.5, 2, 1.5, 3];

    public static TheoryData<string> Losses =>
        ["cross_entropy", "label_smoothing", "class_weighted", "ldam_drw", "ldam_drw by beta", "bce pos_weight", "bce threshold", "kd", "seql"];

    [Theory]
    [MemberData(nameof(Losses))]
    public void Losses_of_other_shapes_and_options_pass(string kind)
    {
        var (name, parameters, loss) = Loss(kind);
        var inputs = new Dictionary<string, object>
        {
            ["logits"] = s_logits, ["labels"] = s_labels, ["teacher_logits"] = s_logits.Reverse(), ["class_counts"] = s_counts,
            ["class_frequency"] = s_counts.Select(count => count / 576.0), ["drw_weights_beta_0.99"] = Weights(0.99),
            ["seql_beta"] = new[] { new[] { 1, 1, 1, 0 }, [1, 0, 1, 1], [0, 1, 0, 1] },
        };
        var entry = new { name, @params = parameters, loss = loss(s_logits), grad = Gradient(loss) };
        AssertPasses(new { inputs, cases = new[] { entry } });
        AssertFails(name, new { inputs, cases = new[] { entry with { loss = entry.loss + 1e-3 } } });
        AssertFails(name, new { inputs, cases = new[] { new { entry.name, @params = With(parameters, "reduction", "none"), entry.loss, entry.grad } } });
    }

    [Fact]
    public void A_vector_of_weights_that_is_not_of_its_beta_fails_by_name()
    {
        var (name, parameters, loss) = Loss("ldam_drw");
        var entry = new { name, @params = parameters, loss = loss(s_logits), grad = Gradient(loss) };
        object Inputs(string vector, double[] weights) =>
            new Dictionary<string, object> { ["logits"] = s_logits, ["labels"] = s_labels, ["class_counts"] = s_counts, [vector] = weights };
        AssertPasses(new { inputs = Inputs("drw_weights_beta_0.99", Weights(0.99)), cases = new[] { entry } });
        AssertFails("ldam_drw", new { inputs = Inputs("drw_weights_beta_0.99", Weights(0.98)), cases = new[] { entry } });
        AssertRefused("'drw_weights_beta_0.99', which is none of the inputs",
            new { inputs = Inputs("drw_weights_beta_0.9999", Weights(0.9999)), cases = new[] { entry } });
    }

    [Fact]
    public void Schedules_of_another_length_and_with_other_options_pass()
    {
        double[] Points(Func<int, double> at) => [.. Enumerable.Range(0, 12).Select(at)];
        double Height(int t) => (t % 6 is var x && x <= 2 ? x / 2.0 : (6 - x) / 4.0) * Math.Pow(0.5, t / 6);
        double Line(int t, double from, double peak, double to) => t <= 3 ? from + ((peak - from) * t / 3) : peak + ((to - peak) * (t - 3) / 8);
        object[] cases =
        [
            new { name = "step", @params = new { step_size = 5, gamma = 0.3, lr = 0.2 }, lr = Points(t => 0.2 * Math.Pow(0.3, t / 5)) },
            new
            {
                name = "cyclic_custom_pprp", @params = new { base_lr = 0.01, max_lr = 0.3, step_size_up = 2, step_size_down = 4, mode = "triangular2" },
                lr = Points(t => 0.01 + (0.29 * Height(t))), momentum = Points(t => 0.9 - (0.1 * Height(t))),
            },
            new
            {
                name = "one_cycle",
                @params = new { max_lr = 0.5, total_steps = 12, pct_start = 1 / 3.0, anneal = "linear", div_factor = 10, cycle_momentum = false },
                lr = Points(t => Line(t, 0.05, 0.5, 0.05 / 1e4)),
            },
            new { name = "polynomial", @params = new { total_iters = 8, power = 2 }, lr = Points(t => 0.1 * Math.Pow(1 - (Math.Min(t, 8) / 8.0), 2)) },
        ];
        AssertPasses(new { cases });
        AssertFails("step", new { cases = new[] { new { name = "step", @params = new { step_size = 5, last_epoch = 3 }, lr = Points(t => 0.1) } } });
        AssertRefused("'foo'; wanted cos, linear", new
        { cases = new[] { new { name = "one_cycle", @params = new { max_lr = 1, total_steps = 2, anneal = "foo" },
            lr = Points(t => 0.1), momentum = Points(t => 0.9) } } });
        AssertRefused("cases[1] (constant).lr: has 11 entries; wanted 12", new
        {
            cases = new[] { new { name = "constant", @params = new { }, lr = Points(t => 0.1) },
            new { name = "constant", @params = new { }, lr = Points(t => 0.1)[1..] } } });
    }

    [Fact]
    public void Optimisers_of_other_shapes_and_step_counts_pass()
    {
        const string weight = "a.weight";
        double[] initial = [0.25, -0.5, 0.75, 1, -1.25, 0.125], target = [0, 0.5, -0.5, 0.25, 1, -1], curvature = [1, 0.5, 2, 1.5, 0.75, 1.25];
        double[] At(double[] p) => [.. p.Select((x, i) => (curvature[i] * (x - target[i])) + (0.3 * Math.Cos(3 * x)))];
        double Loss(double[] p) => p.Select((x, i) => (0.5 * curvature[i] * (x - target[i]) * (x - target[i])) + (0.1 * Math.Sin(3 * x))).Sum();
        Dictionary<string, T> Of<T>(T numbers) => new() { [weight] = numbers };

        var (p, v, losses, after, averages, average) = (initial, new double[6], new List<double>(), new List<object>(), new List<object>(), initial);
        for (var step = 0; step < 3; step++)
        {
            losses.Add(Loss(p));
            var g = At(p).Zip(p, (gradient, w) => gradient + (0.02 * w)).ToArray();
            v = [.. v.Zip(g, (old, fresh) => (0.8 * old) + fresh)];
            p = [.. p.Select((w, i) => w - (0.05 * (g[i] + (0.8 * v[i]))))];
            average = [.. average.Zip(p, (old, w) => (0.75 * old) + (0.25 * w))];
            after.Add(Of(p));
            averages.Add(Of(average));
        }

        var problem = new { initial = Of(initial), shapes = Of(new[] { 3, 2 }), target_c = Of(target), curvature_a = Of(curvature) };
        var entry = new
        {
            name = "sgd_nesterov", @params = new { lr = 0.05, momentum = 0.8, weight_decay = 0.02, nesterov = true }, losses, params_after = after,
            final_loss = Loss(p),
        };
        var ema = new { decay = 0.75, trajectory = "sgd_nesterov case", ema_after = averages };
        var clip = new { by_value = new { clip_value = 0.4, grads_after = Of(At(initial).Select(g => Math.Clamp(g, -0.4, 0.4))) } };
        AssertPasses(new { problem, cases = new[] { entry }, ema, clip });
        AssertFails("sgd_nesterov", new { problem, cases = new[] { entry with { final_loss = entry.final_loss + 0.01 } } });
        AssertFails("sgd_nesterov", new { problem, cases = new[] { new { entry.name,
            @params = With(entry.@params, "maximize", true), losses, params_after = after,
            entry.final_loss } } });
        AssertRefused("cases[0] (sgd_nesterov).params_after: has 2 steps; wanted 3",
            new { problem, cases = new[] { entry with { params_after = [after[0], after[1]] } } });
        AssertRefused("ema.ema_after: has 1 steps; wanted 3", new { problem, cases = new[] { entry }, ema = ema with { ema_after = [averages[0]] } });
        AssertRefused("clip.by_value.grads_after.a.weight: is an empty list",
            new { problem, cases = new[] { entry }, clip = new { by_value = new { clip_value = 0.4, grads_after = Of(Array.Empty<double>()) } } });
    }

    [Fact]
    public void RepOptimizers_of_other_shapes_pass()
    {
        double[] conv = [1.5, 0.5], point = [0.25, 2], kernel = [.. Enumerable.Range(0, 18).Select(i => (i - 9) / 8.0)], middle = [1, -0.5];
        double[] Each(Func<int, bool, double> element) => [.. Enumerable.Range(0, 18).Select(i => element(i / 9, i % 9 == 4))];
        var mult = Each((o, isMiddle) => (conv[o] * conv[o]) + (isMiddle ? point[o] * point[o] : 0));
        var scales = new Dictionary<string, object> { ["conv"] = conv, ["1x1"] = point };
        int[] shape = [2, 1, 3, 3];
        var entry = new { update_rule = "sgd", weight_shape = shape, scales, mult, l2 = Math.Sqrt(mult.Sum(x => x * x)) };
        var reinitialize = new
        {
            use_identity_scales_for_reinit = false, weight_shape = shape, conv3x3 = kernel, kernel1x1 = middle, scales,
            result = kernel.Select((w, i) => (w * conv[i / 9]) + (i % 9 == 4 ? middle[i / 9] * point[i / 9] : 0)),
        };
        AssertPasses(new { grad_mults = new[] { entry }, reinitialize = new[] { reinitialize } });
        AssertFails("multipliers_sgd", new { grad_mults = new[] { entry with { l2 = entry.l2 * 1.01 } } });
        AssertRefused("grad_mults[0] (sgd).mult: has 17 numbers; wanted 18", new { grad_mults = new[] { entry with { mult = mult[1..] } } });
    }

    [Fact]
    public void Augmentations_of_other_images_pass()
    {
        var images = new { stripe = new { size = new[] { 1, 2 }, hex = "0a141e646e78" } };
        object Case(string op, object parameters, string hex, int width = 2) =>
            new { op, image = "stripe", @params = parameters, size = new[] { 1, width }, hex };
        AssertPasses(new
        {
            images,
            cases = new[]
            {
                Case("hflip", new { }, "646e780a141e"), Case("Invert", new { magnitude = 0 }, "f5ebe19b9187"),
                Case("SolarizeAdd", new { add = 10, threshold = 128 }, "141e286e7882"), Case("Posterize", new { magnitude = 2 }, "000000404040"),
            },
            mixup_target_timm = new[]
            {
                new { labels = new[] { 0, 1, 1 }, num_classes = 2, lam = 0.25, smoothing = 0, target = new[] { new[] { 0.25, 0.75 }, [0, 1], [0.75, 0.25] } },
            },
        });
        AssertFails("hflip", new { images, cases = new[] { Case("hflip", new { p = 0.5 }, "646e780a141e") } });
        AssertFails("hflip", new { images, cases = new[] { Case("hflip", new { }, "646e780a141e", width: 1) } });
        AssertRefused("cases[0] (SolarizeAdd).params.threshold: is another",
            new { images, cases = new[] { Case("SolarizeAdd", new { add = 10, threshold = 100 }, "00") } });
    }

    private static (string Name, object Params, Func<double[][], double> Loss) Loss(string kind)
    {
        double[] weights = [1, 2, 0.5, 1.5], drw = Weights(0.99);
        double[] margins = [.. s_counts.Select(n => 0.4 * Math.Pow(4.0 / n, 0.25))];
        Func<double[][], double> ldam = z => Weighted(z.Select((row, n) => Row(row, (x, c) => 12 * (x - (c == s_labels[n] ? margins[c] : 0)))), drw);
        return kind switch
        {
            "cross_entropy" => ("cross_entropy", new { }, z => Weighted(z, [1, 1, 1, 1])),
            "label_smoothing" => ("label_smoothing", new { smoothing = 0.2 }, z => Mean(z, (row, y) => -row.Index().Sum(at =>
                ((at.Index == y ? 0.8 : 0) + 0.05) * LogSoftmax(row)[at.Index]))),
            "class_weighted" => ("class_weighted_cross_entropy", new { weight = weights }, z => Weighted(z, weights)),
            "ldam_drw" => ("ldam_drw", new { max_m = 0.4, s = 12, weight = "drw_weights_beta_0.99" }, ldam),
            "ldam_drw by beta" => ("ldam_drw", new { max_m = 0.4, s = 12, beta = 0.99 }, ldam),
            "bce pos_weight" => ("bce_one_hot", new { pos_weight = s_positive }, z => Bce(z, (c, y) => c == y ? 1 : 0, s_positive)),
            "bce threshold" => ("bce_timm_smoothing", new { smoothing = 0.4, target_threshold = 0.3 }, z => Bce(z, (c, y) => c == y ? 1 : 0, [1, 1, 1, 1])),
            "kd" => ("kd", new { T = 2, alpha = 0.7 }, z => (0.7 * 4 * z.Select((row, n) => Divergence(s_logits[^(n + 1)], row, 2)).Average())
                + (0.3 * Weighted(z, [1, 1, 1, 1]))),
            _ => ("seql", new { lambda_ = 0.05 }, z => z.Select((row, n) =>
            {
                int[][] mask = [[1, 1, 1, 0], [1, 0, 1, 1], [0, 1, 0, 1]];
                var sum = row.Select((x, c) => c != s_labels[n] && mask[n][c] == 1 && s_counts[c] / 576.0 < 0.05 ? 0 : Math.Exp(x)).Sum();
                return Math.Log(sum) - row[s_labels[n]];
            }).Average()),
        };
    }

    private static double Bce(double[][] z, Func<int, int, double> target, double[] positive) => Mean(z, (row, y) => row.Select((x, c) =>
        (positive[c] * target(c, y) * Math.Log(1 + Math.Exp(-x))) + ((1 - target(c, y)) * Math.Log(1 + Math.Exp(x)))).Average());

    private static double Divergence(double[] teacher, double[] row, double temperature)
    {
        var (p, q) = (LogSoftmax(Row(teacher, (x, _) => x / temperature)), LogSoftmax(Row(row, (x, _) => x / temperature)));
        return p.Zip(q, (a, b) => Math.Exp(a) * (a - b)).Sum();
    }

    private static double Weighted(IEnumerable<double[]> z, double[] weights) =>
        z.Select((row, n) => -weights[s_labels[n]] * LogSoftmax(row)[s_labels[n]]).Sum() / s_labels.Sum(y => weights[y]);

    private static double Mean(double[][] z, Func<double[], int, double> loss) => z.Select((row, n) => loss(row, s_labels[n])).Average();

    private static double[] LogSoftmax(double[] row) => Row(row, (x, _) => x - Math.Log(row.Sum(Math.Exp)));

    private static double[] Row(double[] row, Func<double, int, double> element) => [.. row.Select(element)];

    /// <summary>(1 − β)/(1 − βⁿ), with the sum C.</summary>
    private static double[] Weights(double beta)
    {
        var weights = s_counts.Select(n => (1 - beta) / (1 - Math.Pow(beta, n))).ToArray();
        return [.. weights.Select(weight => weight * Classes / weights.Sum())];
    }

    /// <summary>Central differences.</summary>
    private static double[][] Gradient(Func<double[][], double> loss)
    {
        const double step = 1e-5;
        double Moved(int n, int c, double by) => loss([.. s_logits.Select((row, i) => Row(row, (x, j) => i == n && j == c ? x + by : x))]);
        return [.. Enumerable.Range(0, Samples).Select(n => Enumerable.Range(0, Classes)
            .Select(c => (Moved(n, c, step) - Moved(n, c, -step)) / (2 * step)).ToArray())];
    }

    private static Dictionary<string, object?> With(object fields, string name, object value)
    {
        var all = JsonSerializer.SerializeToElement(fields).EnumerateObject().ToDictionary(field => field.Name, field => (object?)field.Value);
        all[name] = value;
        return all;
    }

    private static IReadOnlyList<ComponentResult> Compare(object fixture) =>
        ComponentFixture.Compare(JsonSerializer.Serialize(fixture), "x.json", new ReferenceBackend(), Fixtures.Models);

    private static void AssertPasses(object fixture) => Assert.All(Compare(fixture), result => Assert.Null(result.Failure));

    private static void AssertFails(string id, object fixture) => Assert.Contains(Compare(fixture), result => result.Id == id && !result.Passed);

    private static void AssertRefused(string problem, object fixture)
    {
        var message = Assert.Throws<Fovea.Formats.ModelFormatException>(() => Compare(fixture)).Message;
        Assert.StartsWith("x.json: ", message, StringComparison.Ordinal);
        Assert.Contains(problem, message, StringComparison.Ordinal);
    }
}
