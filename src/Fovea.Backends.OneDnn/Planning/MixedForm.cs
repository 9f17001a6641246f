using Fovea.Backends.OneDnn.Managed.Common;

namespace Fovea.Backends.OneDnn.Planning;

/// <summary>How a step in bfloat16 is computed where some of its operands are in float32.</summary>
/// <param name="Make">The kernel over <see cref="MixedNumbers"/>.</param>
internal sealed record MixedForm(Func<Kernel> Make)
{
    /// <summary>Whether it loads every element of the operand of a number, padding included, so that it can leave a copy in bfloat16.</summary>
    internal Func<int, bool> LoadsAll { get; init; } = _ => false;

    /// <summary>Whether it takes results in float32 too.</summary>
    internal bool Results { get; init; } = true;

    /// <summary>What may share memory besides that which may in bfloat16 alone.</summary>
    internal (int Read, int Write)[] InPlace { get; init; } = [];
}
