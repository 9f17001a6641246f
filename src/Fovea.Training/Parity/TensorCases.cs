using Fovea.Data.Parity;
using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;
using Fovea.Training.Losses;

namespace Fovea.Training.Parity;

/// <summary>The cases of <c>augment.json</c> that are computed as graphs: tensors that are resized, and the targets of mixed rows.</summary>
/// <param name="root">The fixture.</param>
/// <param name="backend">What computes them, in float32.</param>
internal sealed class TensorCases(FixtureNode root, IBackend backend)
{
    /// <summary>How far float32 may be from the fixture's float64, as a part of the largest number.</summary>
    private const double Bound = 1e-5;

    /// <summary>A target is found from float32 gradients.</summary>
    private const double TargetBound = 1e-6;

    private const int LargestSide = 4096;

    internal IEnumerable<ComponentResult> Compare() =>
    [
        .. root.Find("tensor_resize") is { } resizes ? resizes.Items.Select(Resize) : [],
        .. root.Find("mixup_target_timm") is { } targets ? targets.Items.Select(Target) : [],
    ];

    private ComponentResult Resize(FixtureNode entry)
    {
        var (mode, antialias) = (entry["mode"].Text(), entry["antialias"].Flag());
        var id = $"tensor_resize_{mode}{(antialias ? "_antialias" : "")}";
        return ComponentCase.Result(entry, id, () =>
        {
            if (mode is not ("bilinear" or "bicubic")) return $"there is no mode of the name '{mode}'; wanted bilinear or bicubic";
            var image = root["images"][entry["image"].Text()];
            var (height, width) = image["size"].Numbers(2) is [var h, var w] ? ((int)h, (int)w) : default;
            var (pixels, to) = (image["hex"].Bytes(), (Height: entry["height"].Integer(1, LargestSide), Width: entry["width"].Integer(1, LargestSide)));
            var graph = new Graph("resize");
            var x = graph.Input("x", TensorType.F32(1, 3, height, width));
            graph.Output("y", x.Resample(
                to.Height, to.Width, mode == "bicubic" ? ResampleFilter.Bicubic : ResampleFilter.Bilinear, antialias, entry["align_corners"].Flag()));
            using var session = backend.Open();
            using var plan = session.Compile(graph);
            var values = plan.Floats("x");
            var plane = height * width;
            for (var i = 0; i < values.Length; i++) values[i] = pixels[(3 * (i % plane)) + (i / plane)];
            plan.Run();
            return Far(plan.Result("y"), entry["values_chw"].Flat(3 * to.Height * to.Width));
        });
    }

    private static string? Far(ReadOnlySpan<float> found, double[] wanted)
    {
        var bound = Bound * wanted.Max(Math.Abs);
        for (var i = 0; i < wanted.Length; i++)
            if (Near.Absolute($"number {i}", found[i], wanted[i], bound) is { } far) return far;
        return null;
    }

    /// <summary>Rows are mixed with those from the other end; at logits of zero the gradient tells the target: (1/C − t)/N.</summary>
    private ComponentResult Target(FixtureNode entry) => ComponentCase.Result(entry, "mixup_target", () =>
    {
        var (classes, share) = (entry["num_classes"].Integer(1), entry["lam"].Number());
        var labels = entry["labels"].Integers(0, classes - 1);
        var numbers = entry["target"].Numbers(labels.Length, classes);
        var shares = new double[labels.Length * classes];
        for (var row = 0; row < labels.Length; row++)
        {
            shares[(row * classes) + labels[row]] += share;
            shares[(row * classes) + labels[^(row + 1)]] += 1 - share;
        }

        var loss = new CrossEntropyOptions { LabelSmoothing = entry["smoothing"].Number() };
        if (ComponentCase.Problem(loss) is { } wrong) return wrong;
        using var problem = new LossProblem(backend, labels.Length, classes, soft: true, isSum: false, loss.PerSample, []);
        var gradient = problem.Run(new double[shares.Length], shares, []).Gradient;
        for (var i = 0; i < numbers.Length; i++)
        {
            var target = (1.0 / classes) - (labels.Length * gradient[i]);
            if (Near.Absolute($"class {i % classes} of row {i / classes}", target, numbers[i], TargetBound) is { } far) return far;
        }

        return null;
    });
}
