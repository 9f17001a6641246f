using Fovea.Execution;

namespace Fovea.Training.Steps;

/// <summary>
/// What happens to gradients between the phase that makes them and the phase that takes them: those who train the same model together, each on images of
/// its own, add theirs up, and so make the same step.
/// </summary>
public interface IGradientExchange
{
    /// <summary>Puts the sum over everybody into slots that hold own sums over images; everybody comes here equally often, with the same slots.</summary>
    /// <param name="session">Where the slots live.</param>
    /// <param name="slots">Their names, in one order everywhere.</param>
    /// <param name="samples">How many own images they are sums over.</param>
    /// <returns>How many images the sums are over now.</returns>
    int Sum(ISession session, IReadOnlyList<string> slots, int samples);
}
