using System.Text.Json;
using Fovea.Execution;
using Fovea.Formats;
using Fovea.Tensors;
using Fovea.Training.RepOpt;

namespace Fovea.Training.Parity;

/// <summary>The cases of <c>repoptimizer.json</c>: multipliers and first kernels by given scales, steps of small nets, published files.</summary>
/// <param name="root">The fixture.</param>
/// <param name="backend">What trains the nets, in float32.</param>
/// <param name="models">Builds and fills them.</param>
internal sealed class RepOptCases(JsonElement root, IBackend backend, FixtureModels models)
{
    /// <summary>How far the results of one rounding may be.</summary>
    private const double Bound = 1e-6;

    internal IEnumerable<ComponentResult> Compare() =>
    [
        .. root.GetProperty("grad_mults").EnumerateArray().Select(Multipliers),
        .. root.TryGetProperty("reinitialize", out var entries) ? entries.EnumerateArray().Select(Initial) : [],
        .. root.TryGetProperty("runs", out var runs) ? runs.EnumerateArray().Select(run => RepOptRun.Compare(run, backend, models)) : [],
        .. root.TryGetProperty("published_scale_files", out var files) ? files.GetProperty("files").EnumerateObject().Select(Published) : [],
    ];

    private static ComponentResult Multipliers(JsonElement entry)
    {
        var name = $"multipliers_{entry.GetProperty("update_rule").GetString()}";
        if (RepOptRun.Rule(entry)?.GradientDegree is not { } degree) return new(name, "there is no such rule; wanted sgd or adamw");
        var found = Scales("w", entry.GetProperty("scales")).Multipliers(new(entry.Integers("weight_shape")), 1 + degree);
        return new(name, Far(found, entry.Numbers("mult")));
    }

    private static ComponentResult Initial(JsonElement entry)
    {
        var (block, shape) = (Scales("w", entry.GetProperty("scales")), new Shape(entry.Integers("weight_shape")));
        var point = entry.TryGetProperty("kernel1x1", out var given) ? Tensor(new(shape.N, shape.C, 1, 1), given.Numbers()) : null;
        var found = block.Initial(Tensor(shape, entry.Numbers("conv3x3")), point, entry.Flag("use_identity_scales_for_reinit", true));
        return new("reinitialize", Far(found, entry.Numbers("result")));
    }

    /// <summary>Whether files as those that are listed hold the scales of all branches of their blocks.</summary>
    private static ComponentResult Published(JsonProperty file)
    {
        try
        {
            var listed = file.Value.EnumerateArray()
                .Select(entry => (entry[0].GetString()!, HostTensor.Filled(new Shape([.. entry[1].Numbers().Select(x => (int)x)]), 1)));
            var scales = RepOptScales.Of([.. listed], file.Name);
            var count = file.Value.GetArrayLength();
            return new(file.Name, scales.Tensors.Count == count ? null : $"{scales.Tensors.Count} of {count} tensors are scales of blocks");
        }
        catch (ModelFormatException e)
        {
            return new(file.Name, e.Message);
        }
    }

    private static BlockScales Scales(string kernel, JsonElement scales) =>
        new(kernel, Floats(scales, "conv")!, Floats(scales, "1x1"), Floats(scales, "identity"));

    private static float[]? Floats(JsonElement json, string name) =>
        json.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.Numbers().Select(x => (float)x)] : null;

    private static HostTensor Tensor(Shape shape, double[] numbers) => HostTensor.Of(shape, [.. numbers.Select(x => (float)x)]);

    private static string? Far(HostTensor found, double[] wanted)
    {
        if (found.Floats.Length != wanted.Length) return $"there are {found.Floats.Length} elements; wanted {wanted.Length}";
        for (var i = 0; i < wanted.Length; i++)
            if (!(Math.Abs(found.Floats[i] - wanted[i]) <= Bound * Math.Max(1, Math.Abs(wanted[i]))))
                return FormattableString.Invariant($"element {i} is {found.Floats[i]:G9}; wanted {wanted[i]:G9}");
        return null;
    }
}
