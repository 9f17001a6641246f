using Fovea.Naming;
using Fovea.Options;
using Fovea.Tensors;
using Fovea.Training.State;

namespace Fovea.Training.Initializers;

/// <summary>How parameters start that no weights are loaded for; <c>kind</c> says by which rule. Several are applied in their order.</summary>
/// <remarks>
/// A rule is one record: its options, their ranges, and <see cref="Values"/>. Draws follow from the seed of the run and the name of the parameter alone.
/// </remarks>
public abstract record InitOptions : IAlternative
{
    /// <summary>The default of each rule; its <see cref="Kind"/> is what a recipe names.</summary>
    public static IReadOnlyList<InitOptions> Kinds { get; } =
    [
        new XavierUniformOptions(), new XavierNormalOptions(), new KaimingUniformOptions(), new KaimingNormalOptions(), new TruncatedNormalOptions(),
        new NormalOptions(), new UniformOptions(), new OrthogonalOptions(), new FillOptions(), new ZeroGammaOptions(), new ClassPriorOptions(),
    ];

    /// <inheritdoc/>
    public abstract string Kind { get; }

    /// <summary>
    /// Names of the parameters that it is for; <c>*</c> stands for any characters, <c>?</c> for one: <c>[head.*, "*.pos_embed"]</c>. Each has to name some of
    /// the model. Default: all that the rule is made for, which are the weights of linear layers and convolutions unless it says others.
    /// </summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>The values of the parameters that the rule is for, by name; parameters that are not named keep theirs.</summary>
    /// <param name="model">The model, and what else values may follow from.</param>
    /// <exception cref="TrainingException">The model has nothing that the rule is made for.</exception>
    public abstract IEnumerable<(string Name, HostTensor Tensor)> Values(InitContext model);

    /// <inheritdoc/>
    public virtual void Check(OptionChecks checks)
    {
        if (Only.Any(string.IsNullOrEmpty)) checks.Fail(nameof(Only), "an empty name", "names of parameters, as head.*");
    }

    /// <summary>Whether a name is among those that are meant: all are where none is said.</summary>
    protected bool IsMeant(string name) =>
        Only.Count == 0 || NamePattern.AnyMatches(Only, name);

    /// <summary>Whether all options are the same, the names included.</summary>
    public virtual bool Equals(InitOptions? other) =>
        other is not null && EqualityContract == other.EqualityContract && Only.SequenceEqual(other.Only, StringComparer.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(EqualityContract, Only.Count);
}
