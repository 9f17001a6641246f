using System.Runtime.InteropServices;
using Fovea.Cli.Usage;

namespace Fovea.Cli;

/// <summary>Turns Ctrl-C, SIGTERM and a lost terminal into a request to stop, and sees to it that the process ends.</summary>
/// <remarks>
/// The first signal asks; work heeds it between batches and saves. Work that has not ended after a time of grace (a read that hangs), or a further
/// signal, ends the process by the last resort: what has registered there saves what it can, then the exit code is <see cref="ExitCodes.Interrupted"/>
/// all the same. One signal more ends it at once. Signals that come together count once.
/// </remarks>
internal sealed class StopSignals : IDisposable
{
    private const int FileSizeExceeded = 25;
    private const int Hangup = 1;

    private static readonly TimeSpan s_together = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly TimeProvider _time;
    private readonly TimeSpan _grace;
    private readonly Action<int> _exit;
    private ITimer? _timer;
    private Action _lastResort = () => { };
    private long _first;
    private bool _isEnding;
    private bool _isDisposed;

    /// <param name="time">The clock.</param>
    /// <param name="grace">How long work may take to end by itself.</param>
    /// <param name="exit">Ends the process with an exit code.</param>
    internal StopSignals(TimeProvider time, TimeSpan grace, Action<int> exit) => (_time, _grace, _exit) = (time, grace, exit);

    /// <summary>Those of this process. A terminal that goes away is no reason to stop where nohup has said so.</summary>
    internal static StopSignals OfProcess()
    {
#pragma warning disable RS0030 // Where a thread hangs in a read, no return from Main ends the process.
        var signals = new StopSignals(TimeProvider.System, TimeSpan.FromSeconds(10), Environment.Exit);
#pragma warning restore RS0030
        signals.Register(PosixSignal.SIGINT);
        signals.Register(PosixSignal.SIGTERM);
        if (OperatingSystem.IsLinux() && !IsIgnored(Hangup)) signals.Register(PosixSignal.SIGHUP);
        // A file that grows over its limit (ulimit -f) is an error of the write, as a full disk is.
        if (OperatingSystem.IsLinux())
            signals._registrations.Add(PosixSignalRegistration.Create((PosixSignal)FileSizeExceeded, signal => signal.Cancel = true));
        return signals;
    }

    internal CancellationToken Token => _source.Token;

    /// <summary>What is done, on another thread, before the process is ended although work goes on. It may wait for a step, not for a read.</summary>
    internal Action LastResort
    {
        set
        {
            lock (_gate) _lastResort = value;
        }
    }

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        lock (_gate)
        {
            if (_isDisposed) return;
            _isDisposed = true;
            _timer?.Dispose();
        }

        _source.Dispose();
    }

    /// <summary>A signal has come.</summary>
    internal void Heed()
    {
        bool isFirst, isLast;
        lock (_gate)
        {
            if (_isDisposed) return;
            isFirst = _timer is null;
            if (isFirst)
            {
                _first = _time.GetTimestamp();
                _timer = _time.CreateTimer(_ => End(), null, _grace, Timeout.InfiniteTimeSpan);
            }

            var isFurther = !isFirst && _time.GetElapsedTime(_first) >= s_together;
            isLast = isFurther && _isEnding;
            if (isFurther && !isLast) _timer!.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }

        if (isFirst) _source.Cancel();
        if (isLast) _exit(ExitCodes.Interrupted);
    }

    private void Register(PosixSignal signal) => _registrations.Add(PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        Heed();
    }));

    private void End()
    {
        Action lastResort;
        lock (_gate)
        {
            if (_isEnding || _isDisposed) return;
            (_isEnding, lastResort) = (true, _lastResort);
        }

        try
        {
            lastResort();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or Training.State.TrainingException or ObjectDisposedException)
        {
            // The process is ended all the same; the checkpoint before this one is untouched.
        }

        _exit(ExitCodes.Interrupted);
    }

    private static bool IsIgnored(int signal)
    {
        const string mask = "SigIgn:";
        try
        {
            var line = File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(mask, StringComparison.Ordinal));
            return line is not null && ulong.TryParse(line[mask.Length..].Trim(), System.Globalization.NumberStyles.HexNumber, null, out var bits)
                && (bits & (1UL << (signal - 1))) != 0;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
