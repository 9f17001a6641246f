namespace Fovea.Models.Building;

/// <summary>Another spelling of a model's tensor names, in both directions.</summary>
/// <remarks>
/// A rule replaces a run of whole segments: with (<c>stage1</c>, <c>stages.0</c>), <c>stage1.0.x</c> is <c>stages.0.0.x</c>. The segment
/// <c>^</c> stands for the beginning of a name. Rules apply in order.
/// </remarks>
public sealed record NameMap
{
    private const string Variance = "running_var";
    private const string Beginning = ".^.";

    private readonly (string Theirs, string Ours)[] _rules;

    /// <summary>A map from pairs of names of theirs and of the catalogue.</summary>
    /// <param name="name">Whose spelling it is.</param>
    /// <param name="rules">Segments, with dots between them where there are several.</param>
    public NameMap(string name, params (string Theirs, string Ours)[] rules) => (Name, _rules) = (name, rules);

    /// <summary>Whose spelling it is.</summary>
    public string Name { get; init; }

    /// <summary>Rules of which only the first that fits applies, before all others: where they number modules otherwise. By default none.</summary>
    public IReadOnlyList<(string Theirs, string Ours)> Renumbered { get; init; } = [];

    /// <summary>What they call the tensors of a norm; by default as PyTorch.</summary>
    public NormNames Norms { get; init; } = NormNames.PyTorch;

    /// <summary>Whether they keep the weights of fully connected layers transposed, as [inputs, features]; by default not.</summary>
    public bool TransposesMatrices { get; init; }

    /// <summary>
    /// The catalogue's names of the weights [K, C, R, S] of convolutions that are fully connected layers for them, with weights [K, C·R·S]; by
    /// default none.
    /// </summary>
    public IReadOnlyList<string> Flattened { get; init; } = [];

    /// <summary>Whether their convolutions have no biases, where the catalogue's have some, which then are zeros; by default not.</summary>
    public bool LacksBiases { get; init; }

    /// <summary>The last segments of the names of tensors that they keep and the catalogue's model computes, such as masks; by default none.</summary>
    public IReadOnlyList<string> Computed { get; init; } = [];

    /// <summary>
    /// Segments of their names, of the modules and tensors that they register before all others of the same module, in that order; by default
    /// none: they register everything in the order in which it computes.
    /// </summary>
    public IReadOnlyList<string> RegisteredFirst { get; init; } = [];

    /// <summary>Whether the model computes a tensor that they call <paramref name="theirs"/>.</summary>
    public bool Computes(string theirs) => Computed.Contains(NormNames.Leaf(theirs));

    /// <summary>The catalogue's name of a tensor that they call <paramref name="theirs"/>.</summary>
    public string ToCatalogue(string theirs) => Norms.ToPyTorch(Renamed(theirs, Renumbered, _rules));

    /// <summary>Their name of a tensor that the catalogue calls <paramref name="ours"/>.</summary>
    /// <param name="ours">The catalogue's name.</param>
    /// <param name="ofNorm">Whether the tensor belongs to a norm with running statistics.</param>
    public string FromCatalogue(string ours, bool ofNorm = false)
    {
        var name = Renamed(ours, Renumbered.Select(Turned), _rules.Select(Turned));
        return ofNorm ? Norms.FromPyTorch(name) : name;
    }

    /// <summary>Their names of all tensors of a model, beside the catalogue's, in the order of their state dict.</summary>
    /// <param name="ours">The names of all its parameters and states.</param>
    public IReadOnlyList<(string Ours, string Theirs)> FromCatalogue(IReadOnlyList<string> ours)
    {
        var norms = ours.Where(name => NormNames.Leaf(name) == Variance).Select(NormNames.Module).ToHashSet(StringComparer.Ordinal);
        return [.. Registered(ours.Select(name => (name, FromCatalogue(name, norms.Contains(NormNames.Module(name))))), depth: 0)];
    }

    /// <summary>Tensors that share a module, the first <paramref name="depth"/> segments of their names, in the order of their state dict.</summary>
    private IEnumerable<(string Ours, string Theirs)> Registered(IEnumerable<(string Ours, string Theirs)> tensors, int depth) => tensors
        .GroupBy(tensor => tensor.Theirs.Split('.').ElementAtOrDefault(depth))
        .OrderBy(module => Place(module.Key))
        .SelectMany(module => module.Key is null ? module : Registered(module, depth + 1));

    private int Place(string? segment)
    {
        var place = 0;
        while (place < RegisteredFirst.Count && RegisteredFirst[place] != segment) place++;
        return place;
    }

    private static string Renamed(string name, IEnumerable<(string From, string To)> renumbered, IEnumerable<(string From, string To)> rules)
    {
        name = $"{Beginning}{name}.";
        name = renumbered.Select(rule => Replaced(name, rule)).FirstOrDefault(moved => moved != name) ?? name;
        return rules.Aggregate(name, Replaced)[Beginning.Length..^1];
    }

    private static string Replaced(string name, (string From, string To) rule) =>
        name.Replace($".{rule.From}.", $".{rule.To}.", StringComparison.Ordinal);

    private static (string From, string To) Turned((string Theirs, string Ours) rule) => (rule.Ours, rule.Theirs);
}
