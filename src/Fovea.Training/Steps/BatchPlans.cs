namespace Fovea.Training.Steps;

/// <summary>One plan per batch size: that of full batches stays, and of the other sizes the last that was used.</summary>
/// <remarks>A plan holds the memory of all activations, so odd sizes, which only last batches have, must not pile up.</remarks>
internal sealed class BatchPlans<T>(int full, Func<int, T> compile) : IDisposable
    where T : class, IDisposable
{
    private T? _full;
    private T? _other;
    private int _otherCount;

    internal T For(int count)
    {
        if (count == full) return _full ??= compile(full);
        if (_other is not null && count == _otherCount) return _other;
        _other?.Dispose();
        _other = null;
        (_other, _otherCount) = (compile(count), count);
        return _other;
    }

    public void Dispose()
    {
        _full?.Dispose();
        _other?.Dispose();
    }
}
