using Fovea.Formats;
using Fovea.Formats.Weights;
using Fovea.Graphs;
using Fovea.Naming;
using Fovea.Ops;
using Fovea.Tensors;
using Fovea.Training.State;

namespace Fovea.Training.RepOpt;

/// <summary>
/// The scales that a hyper-search of RepOptimizers (Ding et al. 2022, arXiv:2205.15242, §3.2) has found: those of every block of linear branches of a model,
/// under the names of the authors' code.
/// </summary>
public sealed class RepOptScales
{
    /// <summary>What the file of a run's scales is called.</summary>
    public const string FileName = "repopt-scales.safetensors";

    private const int Listed = 5;

    private readonly string _source;

    private RepOptScales(string source, IReadOnlyList<BlockScales> blocks, IReadOnlyList<(string Name, HostTensor Tensor)> tensors) =>
        (_source, Blocks, Tensors) = (source, blocks, tensors);

    /// <summary>The blocks, in the order of their first scales.</summary>
    public IReadOnlyList<BlockScales> Blocks { get; }

    /// <summary>The tensors, in their order: 79 of RepOpt-VGG-B1.</summary>
    public IReadOnlyList<(string Name, HostTensor Tensor)> Tensors { get; }

    /// <summary>Whether a model is one of a hyper-search: it has scales, and trains all of them.</summary>
    /// <param name="model">A graph of it.</param>
    public static bool AreTrainedIn(Graph model)
    {
        var blocks = model.Variables.Select(value => BranchNames.OfMark(value.Variable!.Label)).OfType<(string Block, BranchNames Names)>().ToArray();
        return blocks.Length > 0 && Array.TrueForAll(blocks, at => model.Find(at.Block + at.Names.Scale)?.Variable!.Kind == VariableKind.Parameter);
    }

    /// <summary>The scales among weights: those of a file of scales, or of a whole hyper-search model.</summary>
    /// <param name="weights">The weights, by name; others than scales are left out.</param>
    /// <param name="source">Where they come from, for messages.</param>
    /// <exception cref="ModelFormatException">There are none, a block lacks some, or they are no finite f32 [channels] as long as each other.</exception>
    public static RepOptScales Of(IReadOnlyList<(string Name, HostTensor Tensor)> weights, string source)
    {
        var given = weights.ToDictionary(entry => entry.Name, entry => entry.Tensor, StringComparer.Ordinal);
        var (blocks, used) = (new List<BlockScales>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var (name, _) in weights)
        {
            if (used.Contains(name) || BranchNames.OfMark(name) is not var (block, names)) continue;
            blocks.Add(Block(block, names, given, source));
            used.UnionWith([block + names.Scale, block + names.PointScale, block + names.IdentityScale]);
        }

        if (blocks.Count == 0)
            throw new ModelFormatException(
                source, "", "holds no scales of RepOptimizers; wanted those of a hyper-search model (…_hs), called "
                + string.Join(" or ", BranchNames.All.Select(names => $"…{names.Scale}")));
        return new(source, blocks, [.. weights.Where(entry => used.Contains(entry.Name))]);
    }

    /// <summary>Throws unless the scales are those of all blocks of a model.</summary>
    /// <param name="model">A graph of the model in the form that is trained with them: plain convolutions.</param>
    /// <exception cref="TrainingException">The model is of another form, or has other blocks; the message lists them.</exception>
    public void Check(Graph model)
    {
        var labels = model.Variables.Select(value => value.Variable!.Label).ToArray();
        if (Array.Find(labels, label => BranchNames.OfMark(label) is not null) is { } own)
            throw Refuse(model, $"the model has scales of its own, as {own}; wanted its target form (…_target), whose kernels are trained with them");
        var kernels = labels.Where(label => BranchNames.OfKernel(label, model.Variable(label).Shape) is not null).ToList();
        if (kernels.Count == 0) throw Refuse(model, "the model has no kernels that scales are for; wanted the target form of a RepOpt model (…_target)");
        var ours = Blocks.ToDictionary(block => block.Kernel, StringComparer.Ordinal);
        string[] problems =
        [
            .. Listing("scales are missing of", kernels.Where(label => !ours.ContainsKey(label))),
            .. Listing("the model lacks", ours.Keys.Except(kernels)),
            .. Listing("of another shape:", kernels.Where(ours.ContainsKey).Select(label => Misfit(ours[label], model)).OfType<string>()),
        ];
        if (problems.Length > 0)
            throw Refuse(model, $"{Amount.Of(Blocks.Count, "block")} against the model's {kernels.Count}: {string.Join("; ", problems)}");
    }

    /// <summary>Writes the scales: as <c>.pth</c> what the authors' code reads, or as <c>.safetensors</c>.</summary>
    /// <param name="path">Ends in one of these.</param>
    /// <inheritdoc cref="WeightFile.Write" path="/exception"/>
    public void Write(string path) => WeightFile.Write(path, Tensors, new Dictionary<string, string> { ["fovea.kind"] = "repopt scales 1" });

    private static BlockScales Block(string block, BranchNames names, Dictionary<string, HostTensor> given, string source)
    {
        var scale = Read(names.Scale) ?? throw Missing(names.Scale);
        var point = names.PointScale is null ? null : Read(names.PointScale) ?? throw Missing(names.PointScale);
        var identity = Read(names.IdentityScale);
        foreach (var (part, other) in new[] { (names.PointScale, point), (names.IdentityScale, identity) })
            if (other is not null && other.Length != scale.Length)
                throw new ModelFormatException(source, block + part, $"has {other.Length} scales, {block}{names.Scale} has {scale.Length}; wanted as many");
        return new(block + names.Kernel, scale, point, identity);

        float[]? Read(string part)
        {
            if (!given.TryGetValue(block + part, out var tensor)) return null;
            if (tensor.Type.DType != DType.Float32 || tensor.Shape.Rank != 1)
                throw new ModelFormatException(source, block + part, $"is {tensor.Type}; wanted f32 [channels], a scale for each");
            if (FiniteNumbers.Problem(tensor) is { } problem) throw new ModelFormatException(source, block + part, problem);
            return tensor.Floats.ToArray();
        }

        ModelFormatException Missing(string part) => new(source, block + part, "is missing; wanted the scales of all branches of a block");
    }

    /// <summary>What is wrong with scales for their kernel of a model.</summary>
    private static string? Misfit(BlockScales block, Graph model)
    {
        var kernel = model.Variable(block.Kernel);
        if (kernel.Shape.N != block.Scale.Count) return $"{block.Kernel} has {kernel.Shape.N} outputs, {block.Scale.Count} scales";
        var keepsShape = model.Nodes.Any(node => node.Op is Conv2d { Window: { StrideH: 1, StrideW: 1 } } && node.Inputs[1] == kernel
            && node.Inputs[0].Shape.C == node.Result.Shape.C);
        return keepsShape == block.Identity is not null
            ? null
            : $"{block.Kernel} {(keepsShape ? "keeps the shape, and wants scales of an identity" : "changes the shape; it can have no scales of an identity")}";
    }

    private static IEnumerable<string> Listing(string what, IEnumerable<string> names)
    {
        var all = names.ToArray();
        var rest = all.Length > Listed ? $" and {all.Length - Listed} more" : "";
        return all.Length == 0 ? [] : [$"{what} {string.Join(", ", all.Take(Listed).Select(name => Printable.Line(name)))}{rest}"];
    }

    private TrainingException Refuse(Graph model, string reason) => new($"{_source}: these scales do not train {model.Name}: {reason}");
}
