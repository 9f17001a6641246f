using System.Text.Json;
using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;
using Fovea.Training.Losses;

namespace Fovea.Training.Parity;

/// <summary>The cases of <c>augment.json</c> that are computed as graphs: tensors that are resized, and the targets of mixed rows.</summary>
/// <param name="root">The fixture.</param>
/// <param name="backend">What computes them, in float32.</param>
internal sealed class TensorCases(JsonElement root, IBackend backend)
{
    /// <summary>How far float32 may be from the fixture's float64, as a part of the largest number.</summary>
    private const double Bound = 1e-5;

    /// <summary>A target is found from float32 gradients.</summary>
    private const double TargetBound = 1e-6;

    internal IEnumerable<ComponentResult> Compare() =>
    [
        .. root.TryGetProperty("tensor_resize", out var resizes) ? resizes.EnumerateArray().Select(Resize) : [],
        .. root.TryGetProperty("mixup_target_timm", out var targets) ? targets.EnumerateArray().Select(Target) : [],
    ];

    private ComponentResult Resize(JsonElement entry)
    {
        var mode = entry.GetProperty("mode").GetString();
        var id = $"tensor_resize_{mode}{(entry.Flag("antialias", false) ? "_antialias" : "")}";
        if (mode is not ("bilinear" or "bicubic")) return new(id, $"there is no mode of the name '{mode}'; wanted bilinear or bicubic");
        var image = root.GetProperty("images").GetProperty(entry.GetProperty("image").GetString()!);
        var (size, pixels) = (image.Integers("size"), Convert.FromHexString(image.GetProperty("hex").GetString()!));
        var graph = new Graph("resize");
        var x = graph.Input("x", TensorType.F32(1, 3, size[0], size[1]));
        graph.Output("y", x.Resample(
            (int)entry.Number("height"), (int)entry.Number("width"), mode == "bicubic" ? ResampleFilter.Bicubic : ResampleFilter.Bilinear,
            entry.Flag("antialias", false), entry.Flag("align_corners", false)));
        using var session = backend.Open();
        using var plan = session.Compile(graph);
        var values = plan.Floats("x");
        var plane = size[0] * size[1];
        if (pixels.Length != values.Length) throw new FormatException($"an image has {pixels.Length} bytes; its size wants {values.Length}");
        for (var i = 0; i < values.Length; i++) values[i] = pixels[(3 * (i % plane)) + (i / plane)];
        plan.Run();
        var found = plan.Result("y");
        var wanted = entry.Numbers("values_chw");
        if (found.Length != wanted.Length) return new(id, $"the result has {found.Length} numbers; wanted {wanted.Length}");
        var bound = Bound * wanted.Max(Math.Abs);
        for (var i = 0; i < wanted.Length; i++)
            if (!(Math.Abs(found[i] - wanted[i]) <= bound)) return new(id, FormattableString.Invariant($"number {i} is {found[i]:G9}; wanted {wanted[i]:G9}"));
        return new(id, null);
    }

    /// <summary>Rows are mixed with those from the other end; at logits of zero the gradient tells the target: (1/C − t)/N.</summary>
    private ComponentResult Target(JsonElement entry)
    {
        const string id = "mixup_target";
        var (labels, classes, share) = (entry.Integers("labels"), (int)entry.Number("num_classes"), entry.Number("lam"));
        var shares = new double[labels.Length * classes];
        for (var row = 0; row < labels.Length; row++)
        {
            shares[(row * classes) + labels[row]] += share;
            shares[(row * classes) + labels[^(row + 1)]] += 1 - share;
        }

        var wanted = entry.GetProperty("target");
        var loss = new CrossEntropyOptions { LabelSmoothing = entry.Number("smoothing", 0) };
        using var problem = new LossProblem(backend, wanted, soft: true, isSum: false, loss.PerSample, []);
        var gradient = problem.Run(new double[shares.Length], shares, []).Gradient;
        var numbers = wanted.Numbers();
        for (var i = 0; i < numbers.Length; i++)
        {
            var target = (1.0 / classes) - (labels.Length * gradient[i]);
            if (!(Math.Abs(target - numbers[i]) <= TargetBound))
                return new(id, FormattableString.Invariant($"class {i % classes} of row {i / classes} is {target:G9}; wanted {numbers[i]:G9}"));
        }

        return new(id, null);
    }
}
