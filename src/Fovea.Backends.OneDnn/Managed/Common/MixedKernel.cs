using System.Runtime.InteropServices;

namespace Fovea.Backends.OneDnn.Managed.Common;

/// <summary>Of an operand of a kernel, which of the step's addresses hold it; −1 where there is no such copy.</summary>
/// <param name="Narrow">The one in bfloat16.</param>
/// <param name="Wide">The one in float32.</param>
internal readonly record struct MixedAddress(int Narrow, int Wide);

/// <summary>Runs a kernel over <see cref="MixedNumbers"/>, whose operands are in bfloat16, in float32, or in both.</summary>
/// <param name="kernel">What computes.</param>
/// <param name="addresses">For each address that the kernel wants: an address of the step, or null and the copies of an operand.</param>
internal sealed unsafe class MixedKernel(Kernel kernel, (int? Plain, MixedAddress Mixed)[] addresses) : Kernel
{
    private readonly nint[] _at = new nint[addresses.Length];
    private readonly MixedOperand* _operands = (MixedOperand*)NativeMemory.Alloc((nuint)addresses.Length, (nuint)sizeof(MixedOperand));

    internal override string Name => kernel.Name;

    internal override void Run(ReadOnlySpan<nint> at)
    {
        for (var i = 0; i < addresses.Length; i++)
        {
            var (plain, mixed) = addresses[i];
            _operands[i] = new(mixed.Narrow < 0 ? 0 : at[mixed.Narrow], mixed.Wide < 0 ? 0 : at[mixed.Wide]);
            _at[i] = plain is { } address ? at[address] : (nint)(_operands + i);
        }

        kernel.Run(_at);
    }

    internal override void Release()
    {
        kernel.Release();
        NativeMemory.Free(_operands);
    }
}
