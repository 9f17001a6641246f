using System.Runtime.InteropServices;

namespace Fovea.Cli;

/// <summary>Turns the first Ctrl-C or SIGTERM into a request to stop; the second one ends the process as usual.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;

    internal StopSignals() =>
        _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Heed), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Heed)];

    internal CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _source.Dispose();
    }

    private void Heed(PosixSignalContext signal)
    {
        signal.Cancel = !_source.IsCancellationRequested;
        _source.Cancel();
    }
}
