namespace Fovea.Models;

/// <summary>Another spelling of a model's tensor names, in both directions.</summary>
/// <remarks>A rule replaces a run of whole segments: with (<c>stage1</c>, <c>stages.0</c>), <c>stage1.0.x</c> is <c>stages.0.0.x</c>. Rules apply in order.</remarks>
public sealed class NameMap
{
    private const string Variance = "running_var";

    private readonly (string Theirs, string Ours)[] _rules;

    /// <summary>A map from pairs of names of theirs and of the catalogue.</summary>
    /// <param name="name">Whose spelling it is.</param>
    /// <param name="rules">Segments, with dots between them where there are several.</param>
    public NameMap(string name, params (string Theirs, string Ours)[] rules)
    {
        Name = name;
        _rules = [.. rules.Select(rule => ($".{rule.Theirs}.", $".{rule.Ours}."))];
    }

    /// <summary>Whose spelling it is.</summary>
    public string Name { get; }

    /// <summary>What they call the tensors of a norm; by default as PyTorch.</summary>
    public NormNames Norms { get; init; } = NormNames.PyTorch;

    /// <summary>Whether they keep the weights of fully connected layers transposed, as [inputs, features]; by default not.</summary>
    public bool TransposesMatrices { get; init; }

    /// <summary>The catalogue's name of a tensor that they call <paramref name="theirs"/>.</summary>
    public string ToCatalogue(string theirs)
    {
        var name = $".{theirs}.";
        foreach (var rule in _rules) name = name.Replace(rule.Theirs, rule.Ours, StringComparison.Ordinal);
        return Norms.ToPyTorch(name[1..^1]);
    }

    /// <summary>Their name of a tensor that the catalogue calls <paramref name="ours"/>.</summary>
    /// <param name="ours">The catalogue's name.</param>
    /// <param name="ofNorm">Whether the tensor belongs to a norm with running statistics.</param>
    public string FromCatalogue(string ours, bool ofNorm = false)
    {
        var name = $".{ours}.";
        foreach (var rule in _rules) name = name.Replace(rule.Ours, rule.Theirs, StringComparison.Ordinal);
        return ofNorm ? Norms.FromPyTorch(name[1..^1]) : name[1..^1];
    }

    /// <summary>Their names of all tensors of a model, by the catalogue's, in order.</summary>
    /// <param name="ours">The names of all its parameters and states.</param>
    public IReadOnlyList<(string Ours, string Theirs)> FromCatalogue(IReadOnlyList<string> ours)
    {
        var norms = ours.Where(name => NormNames.Leaf(name) == Variance).Select(NormNames.Module).ToHashSet(StringComparer.Ordinal);
        return [.. ours.Select(name => (name, FromCatalogue(name, norms.Contains(NormNames.Module(name)))))];
    }
}
