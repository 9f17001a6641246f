using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Passes;

/// <summary>Folds parallel linear branches that feed one sum into one convolution (Ding et al. 2021, arXiv:2101.03697 §3.3).</summary>
/// <remarks>
/// A branch is a convolution, the mean over windows, or the identity; all start from the same value. Branches and sums of them may be
/// scaled channel by channel, biased and normalised on the way to the last sum, and behind it. The convolutions have the same stride,
/// dilation and groups; the largest kernel covers the others where they lie over the image, which are padded with zeros to its size.
/// Norms are taken with their running statistics. The convolution is called <see cref="ModuleName"/> in the module that the branches
/// share. Fully connected layers fold in the same way, into <see cref="MatrixName"/>. It is the same function up to rounding; training
/// graphs are left alone.
/// </remarks>
public sealed class Reparameterise : Pass
{
    /// <summary>The name of the folded convolution, as in timm.</summary>
    public const string ModuleName = "reparam_conv";

    /// <summary>The name of the folded fully connected layer.</summary>
    public const string MatrixName = "reparam_linear";

    private Dictionary<Node, LinearMap> _sites = [];
    private HashSet<string> _taken = [];

    /// <inheritdoc/>
    public override string Name => "reparameterise";

    /// <inheritdoc/>
    public override Graph Apply(Graph source) => base.Apply(new EliminateDeadNodes().Apply(source));

    /// <summary>The nodes in which a map ends that can be folded, each as late as possible, with the map.</summary>
    internal static Dictionary<Node, LinearMap> Sites(Graph source)
    {
        var weights = WeightValues.Of(source);
        var sites = new Dictionary<Node, LinearMap>();
        var inside = new HashSet<Node>();
        for (var i = source.Nodes.Count - 1; i >= 0; i--)
        {
            var node = source.Nodes[i];
            if (inside.Contains(node) || !MayEnd(node, weights)) continue;
            var map = LinearMap.EndingIn(node.Result, weights);
            if (map.Terms.Count < 2 || map.Frame is null) continue;
            sites.Add(node, map);
            inside.UnionWith(map.Nodes);
        }

        return sites;
    }

    /// <summary>Whether a node adds, scales or normalises something else than weights.</summary>
    internal static bool MayEnd(Node node, WeightValues weights) =>
        node.Op is BatchNorm or Add or Subtract or Multiply or Affine && !weights.Contains(node.Result);

    /// <summary>The path that the names of all branches begin with: the module that holds them, as opposed to one of theirs.</summary>
    internal static string Module(LinearMap map)
    {
        var paths = map.Labels.Select(label => label.Split('.')).ToArray();
        var common = 0;
        while (paths.Length > 0 && Array.TrueForAll(paths, path => common < path.Length - 1 && path[common] == paths[0][common])) common++;
        var shared = string.Join('.', paths.FirstOrDefault()?[..common] ?? []);
        return map.Terms.Any(term => term.WeightLabel is { } label && Variable.ModuleOf(label) == shared) ? Variable.ModuleOf(shared) : shared;
    }

    /// <summary>The operation of a term with another weight and bias.</summary>
    internal static Value Applied(LinearTerm term, Value x, Value weight, Value? bias)
    {
        var y = term.Apply(x, weight);
        if (bias is null) return y;
        return term.IsMatrix ? y.Plus(bias) : y.PlusChannels(bias);
    }

    /// <inheritdoc/>
    protected override void Prepare(Graph source)
    {
        _sites = Sites(source);
        _taken = [.. source.Nodes.Select(node => LinearMap.Label(node.Result)).OfType<string>()];
    }

    /// <inheritdoc/>
    protected override Value[]? Rewrite(Node node, Remap to)
    {
        if (!_sites.TryGetValue(node, out var map)) return null;
        var frame = map.Frame!;
        var module = Free(Module(map), frame);
        var weight = map.Weight(to, frame).Named($"{module}.weight");
        return [Applied(frame, to[frame.Source], weight, map.Bias(to)?.Named($"{module}.bias"))];
    }

    /// <summary>A name that no other weight has: where a module holds two sums, the second keeps the name of its largest kernel.</summary>
    private string Free(string module, LinearTerm frame)
    {
        var name = frame.IsMatrix ? MatrixName : ModuleName;
        var path = module.Length > 0 ? $"{module}.{name}" : name;
        return _taken.Add($"{path}.weight") || frame.WeightLabel is null ? path : Variable.ModuleOf(frame.WeightLabel);
    }
}
