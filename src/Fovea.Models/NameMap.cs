namespace Fovea.Models;

/// <summary>Another spelling of a model's tensor names, in both directions.</summary>
/// <remarks>A rule replaces a run of whole segments: with (<c>stage1</c>, <c>stages.0</c>), <c>stage1.0.x</c> is <c>stages.0.0.x</c>.</remarks>
public sealed class NameMap
{
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

    /// <summary>The catalogue's name of a tensor that they call <paramref name="theirs"/>.</summary>
    public string ToCatalogue(string theirs)
    {
        var name = $".{theirs}.";
        foreach (var rule in _rules) name = name.Replace(rule.Theirs, rule.Ours, StringComparison.Ordinal);
        return name[1..^1];
    }

    /// <summary>Their name of a tensor that the catalogue calls <paramref name="ours"/>.</summary>
    public string FromCatalogue(string ours)
    {
        var name = $".{ours}.";
        foreach (var rule in _rules) name = name.Replace(rule.Ours, rule.Theirs, StringComparison.Ordinal);
        return name[1..^1];
    }
}
