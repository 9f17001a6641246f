using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Passes;

/// <summary>Folds parallel linear branches that feed one sum into one convolution (Ding et al. 2021, arXiv:2101.03697 §3.3).</summary>
/// <remarks>
/// A branch is a convolution, with or without bias and norm, or the identity, with or without norm; all start from the same value. The
/// convolutions have the same stride, dilation and groups; the largest kernel covers the others where they lie over the image, which are
/// padded with zeros to its size. Norms are taken with their running statistics. The convolution is called <see cref="ModuleName"/> in
/// the module that the branches share. It is the same function up to rounding; training graphs are left alone.
/// </remarks>
public sealed class Reparameterise : Pass
{
    /// <summary>The name of the folded convolution, as in timm.</summary>
    public const string ModuleName = "reparam_conv";

    private Dictionary<Node, LinearBranch[]> _sites = [];

    /// <inheritdoc/>
    public override string Name => "reparameterise";

    /// <inheritdoc/>
    public override Graph Apply(Graph source) => base.Apply(new EliminateDeadNodes().Apply(source));

    /// <summary>The sums that can be folded, each as large as possible, with their branches.</summary>
    internal static Dictionary<Node, LinearBranch[]> Sites(Graph source)
    {
        var weights = WeightValues.Of(source);
        var sites = new Dictionary<Node, LinearBranch[]>();
        var inside = new HashSet<Node>();
        for (var i = source.Nodes.Count - 1; i >= 0; i--)
        {
            var node = source.Nodes[i];
            if (node.Op is not Add || inside.Contains(node)) continue;
            var sums = new List<Node>();
            var branches = Terms(node.Result, sums, root: true).Select(term => LinearBranch.ReadAs(term, weights)).ToArray();
            if (!FoldsInto(node.Result, branches)) continue;
            sites.Add(node, branches);
            inside.UnionWith(sums);
        }

        return sites;
    }

    /// <summary>The path that the names of all branches begin with.</summary>
    internal static string Module(LinearBranch[] branches)
    {
        var paths = branches.SelectMany(branch => branch.Labels).Select(label => label.Split('.')).ToArray();
        var common = 0;
        while (paths.Length > 0 && Array.TrueForAll(paths, path => common < path.Length - 1 && path[common] == paths[0][common])) common++;
        return string.Join('.', paths.FirstOrDefault()?[..common] ?? []);
    }

    /// <inheritdoc/>
    protected override void Prepare(Graph source) => _sites = Sites(source);

    /// <inheritdoc/>
    protected override Value[]? Rewrite(Node node, Remap to)
    {
        if (!_sites.TryGetValue(node, out var branches)) return null;
        var largest = Largest(branches);
        var conv = largest.Convolution!;
        var module = Module(branches) is { Length: > 0 } path ? $"{path}.{ModuleName}" : ModuleName;
        var weight = Sum(branches.Select(branch => Padded(branch.Weight(to, conv.Groups), branch, largest)))!.Named($"{module}.weight");
        var bias = Sum(branches.Select(branch => branch.Bias(to)))?.Named($"{module}.bias");
        var y = to[largest.Source].Conv2d(weight, conv.Window, conv.Groups);
        return [bias is null ? y : y.PlusChannels(bias)];
    }

    private static Value? Sum(IEnumerable<Value?> terms)
    {
        Value? sum = null;
        foreach (var term in terms) sum = sum is null || term is null ? sum ?? term : sum.Plus(term);
        return sum;
    }

    /// <summary>The terms of a sum of sums, as far as each inner sum is read once.</summary>
    private static IEnumerable<Value> Terms(Value value, List<Node> sums, bool root = false)
    {
        if (value.Node is not { Op: Add } node || !(root || value.UsedOnce) || node.Inputs.Any(input => input.Type != value.Type)) return [value];
        sums.Add(node);
        return node.Inputs.SelectMany(input => Terms(input, sums));
    }

    private static bool FoldsInto(Value sum, LinearBranch[] branches)
    {
        if (branches.Length < 2 || sum.Shape.Rank != 4 || Array.TrueForAll(branches, branch => branch.Convolution is null)) return false;
        var largest = Largest(branches);
        return Array.TrueForAll(branches, branch => branch.Source == largest.Source && Covers(largest, branch));
    }

    private static LinearBranch Largest(LinearBranch[] branches) =>
        branches.Where(branch => branch.Convolution is not null).MaxBy(branch => branch.Kernel.H * branch.Kernel.W)!;

    /// <summary>Whether the kernel of <paramref name="small"/> is that of <paramref name="large"/> with zeros in some places.</summary>
    private static bool Covers(LinearBranch large, LinearBranch small)
    {
        var (l, s) = (large.Convolution!.Window, small.Convolution?.Window ?? Window2d.Of());
        if ((l.StrideH, l.StrideW) != (s.StrideH, s.StrideW)) return false;
        if (small.Convolution is { } conv && conv.Groups != large.Convolution.Groups) return false;
        var sameTaps = (l.DilationH, l.DilationW) == (s.DilationH, s.DilationW) || small.Kernel == (1, 1);
        var (top, left) = (l.Top - s.Top, l.Left - s.Left);
        if (!sameTaps || top % l.DilationH != 0 || left % l.DilationW != 0) return false;
        var (row, column) = (top / l.DilationH, left / l.DilationW);
        return row >= 0 && column >= 0 && row + small.Kernel.H <= large.Kernel.H && column + small.Kernel.W <= large.Kernel.W;
    }

    /// <summary>The weight of a branch, at its place in a kernel as large as the largest.</summary>
    private static Value Padded(Value w, LinearBranch branch, LinearBranch largest)
    {
        if (branch.Kernel == largest.Kernel) return w;
        var (l, s) = (largest.Convolution!.Window, branch.Convolution?.Window ?? Window2d.Of());
        var (row, column) = ((l.Top - s.Top) / l.DilationH, (l.Left - s.Left) / l.DilationW);
        var (below, right) = (largest.Kernel.H - branch.Kernel.H - row, largest.Kernel.W - branch.Kernel.W - column);
        return w.Pad(new Padding(new Shape(0, 0, row, column), new Shape(0, 0, below, right)));
    }
}
