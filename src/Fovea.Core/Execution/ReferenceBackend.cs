namespace Fovea.Execution;

/// <summary>Runs graphs by the definitions of their operations (<see cref="Interpreter"/>): slow, simple, in double precision.</summary>
/// <remarks>Unlike other backends it allocates in every run.</remarks>
public sealed class ReferenceBackend : IBackend
{
    /// <inheritdoc/>
    public string Name => "reference";

    /// <inheritdoc/>
    public ISession Open() => new ReferenceSession();
}
