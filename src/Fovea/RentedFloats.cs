using System.Buffers;

namespace Fovea;

/// <summary>Memory for inputs, on loan from the shared pool.</summary>
internal sealed class RentedFloats : IDisposable
{
    private readonly int _length;
    private float[]? _memory;

    private RentedFloats(int length) => (_memory, _length) = (ArrayPool<float>.Shared.Rent(length), length);

    internal Memory<float> Memory => _memory.AsMemory(0, _length);

    internal Span<float> Span => Memory.Span;

    internal static RentedFloats Of(int length) => new(length);

    public void Dispose()
    {
        if (_memory is null) return;
        ArrayPool<float>.Shared.Return(_memory);
        _memory = null;
    }
}
