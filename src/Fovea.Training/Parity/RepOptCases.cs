using Fovea.Data.Parity;
using Fovea.Execution;
using Fovea.Formats;
using Fovea.Tensors;
using Fovea.Training.RepOpt;

namespace Fovea.Training.Parity;

/// <summary>The cases of <c>repoptimizer.json</c>: multipliers and first kernels by given scales, steps of small nets, published files.</summary>
/// <param name="root">The fixture.</param>
/// <param name="backend">What trains the nets, in float32.</param>
/// <param name="models">Builds and fills them.</param>
internal sealed class RepOptCases(FixtureNode root, IBackend backend, FixtureModels models)
{
    /// <summary>How far the results of one rounding may be.</summary>
    private const double Bound = 1e-6;

    private const int MostChannels = 65536;

    /// <summary>The parts of the fixture, of which there is at least one.</summary>
    internal static string[] Sections { get; } = ["grad_mults", "reinitialize", "runs", "published_scale_files"];

    internal IEnumerable<ComponentResult> Compare() =>
    [
        .. root.Find("grad_mults") is { } multipliers ? multipliers.Items.Select(Multipliers) : [],
        .. root.Find("reinitialize") is { } entries ? entries.Items.Select(Initial) : [],
        .. root.Find("runs") is { } runs ? runs.Items.Select(run => RepOptRun.Compare(run, backend, models)) : [],
        .. root.Find("published_scale_files") is { } files ? files["files"].Fields.Select(file => Published(file.Name, file.Value)) : [],
    ];

    private static ComponentResult Multipliers(FixtureNode entry)
    {
        var name = entry["update_rule"].Text();
        return ComponentCase.Result(entry, $"multipliers_{name}", () =>
        {
            if (RepOptRun.Rule(name, hyper: null)?.GradientDegree is not { } degree) return RepOptRun.NoSuchRule;
            var shape = ShapeOf(entry["weight_shape"]);
            var (found, wanted) = (Scales(shape, entry["scales"]).Multipliers(shape, 1 + degree), entry["mult"].Flat((int)shape.Elements));
            var norm = Math.Sqrt(found.Floats.ToArray().Sum(x => (double)x * x));
            return Far(found, wanted) ?? Near.Relative("the norm", norm, entry["l2"].Number(), Bound);
        });
    }

    private static ComponentResult Initial(FixtureNode entry) => ComponentCase.Result(entry, "reinitialize", () =>
    {
        var shape = ShapeOf(entry["weight_shape"]);
        var block = Scales(shape, entry["scales"]);
        var point = block.Point is null ? null : Tensor(new(shape.N, shape.C, 1, 1), entry["kernel1x1"]);
        var found = block.Initial(Tensor(shape, entry["conv3x3"]), point, entry["use_identity_scales_for_reinit"].Flag());
        return Far(found, entry["result"].Flat((int)shape.Elements));
    });

    /// <summary>Whether files as those that are listed hold the scales of all branches of their blocks.</summary>
    private static ComponentResult Published(string name, FixtureNode file) => ComponentCase.Result(file, name, () =>
    {
        try
        {
            var listed = file.Items.Select(Entry).ToArray();
            if (listed.GroupBy(entry => entry.Name).FirstOrDefault(group => group.Count() > 1) is { } twice) return $"{twice.Key} is there twice";
            var scales = RepOptScales.Of([.. listed], name);
            return scales.Tensors.Count == listed.Length ? null : $"{scales.Tensors.Count} of {listed.Length} tensors are scales of blocks";
        }
        catch (ModelFormatException e)
        {
            return e.Message;
        }
    });

    /// <summary>A tensor of a listed file: name, shape and norm, from which it is filled with one number.</summary>
    private static (string Name, HostTensor Tensor) Entry(FixtureNode entry)
    {
        if (entry.Items is not [var name, var extents, var norm]) throw entry.Wrong($"has {entry.Items.Count} entries; wanted name, shape and norm");
        var shape = new Shape(extents.Integers(1, MostChannels));
        return norm.Number() is > 0 and var size
            ? (name.Text(), HostTensor.Filled(shape, (float)(size / Math.Sqrt(shape.Elements))))
            : throw norm.Wrong("is not above 0; wanted the norm of scales");
    }

    private static BlockScales Scales(Shape kernel, FixtureNode scales) =>
        new("w", Floats(scales["conv"], kernel), Found(scales, "1x1", kernel), Found(scales, "identity", kernel));

    private static float[]? Found(FixtureNode scales, string branch, Shape kernel) =>
        scales.Find(branch) is { IsNull: false } given ? Floats(given, kernel) : null;

    private static float[] Floats(FixtureNode scales, Shape kernel) => [.. scales.Numbers(kernel.N).Select(x => (float)x)];

    private static HostTensor Tensor(Shape shape, FixtureNode numbers) => HostTensor.Of(shape, [.. numbers.Flat((int)shape.Elements).Select(x => (float)x)]);

    private static Shape ShapeOf(FixtureNode shape) => shape.Integers(1, MostChannels) is { Length: 4 } extents
        ? new(extents)
        : throw shape.Wrong($"has {shape.Items.Count} extents; wanted those of a kernel, [O, I, k, k]");

    private static string? Far(HostTensor found, double[] wanted) => Enumerable.Range(0, wanted.Length)
        .Select(i => Near.Relative($"element {i}", found.Floats[i], wanted[i], Bound)).FirstOrDefault(far => far is not null);
}
