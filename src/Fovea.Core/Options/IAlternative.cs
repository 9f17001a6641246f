namespace Fovea.Options;

/// <summary>
/// Options of one of several ways to do something, which also do it. The ways share an abstract base, whose static property <c>Kinds</c> lists the
/// default of each.
/// </summary>
public interface IAlternative : IOptions
{
    /// <summary>The name of the way, in lower case with underscores, as the key <c>kind</c> of a recipe spells it.</summary>
    string Kind { get; }
}
