namespace Fovea.Cli.Tests;

public sealed class StopSignalsTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly List<string> _events = [];
    private readonly StopSignals _signals;

    public StopSignalsTests()
    {
        _signals = new(_time, TimeSpan.FromSeconds(10), code => _events.Add($"exit {code}"));
        _signals.LastResort = () => _events.Add("saved");
    }

    public void Dispose() => _signals.Dispose();

    [Fact]
    public void The_first_signal_asks_and_ends_nothing()
    {
        _signals.Heed();
        _time.Advance(seconds: 9);
        Assert.True(_signals.Token.IsCancellationRequested);
        Assert.Empty(_events);
    }

    [Fact]
    public void Work_that_does_not_end_in_the_time_of_grace_is_saved_and_ended()
    {
        _signals.Heed();
        _time.Advance(seconds: 10);
        Assert.Equal(["saved", "exit 130"], _events);
    }

    [Fact]
    public void Signals_that_come_together_count_once()
    {
        _signals.Heed();
        _time.Advance(seconds: 0.5);
        _signals.Heed();
        _time.Advance(seconds: 9);
        Assert.Empty(_events);
    }

    [Fact]
    public void A_second_signal_saves_and_ends_without_waiting_any_longer()
    {
        _signals.Heed();
        _time.Advance(seconds: 2);
        _signals.Heed();
        _time.Advance(seconds: 0);
        Assert.Equal(["saved", "exit 130"], _events);
    }

    [Fact]
    public void A_third_signal_ends_at_once_even_if_saving_hangs()
    {
        _signals.LastResort = () => _signals.Heed();
        _signals.Heed();
        _time.Advance(seconds: 10);
        Assert.Equal(["exit 130", "exit 130"], _events);
    }

    [Fact]
    public void A_last_resort_that_fails_ends_the_process_all_the_same()
    {
        _signals.LastResort = () => throw new IOException("the disk is full");
        _signals.Heed();
        _time.Advance(seconds: 10);
        Assert.Equal(["exit 130"], _events);
    }

    [Fact]
    public void Work_that_has_ended_is_left_alone()
    {
        _signals.Heed();
        _signals.Dispose();
        _time.Advance(seconds: 10);
        _signals.Heed();
        Assert.Empty(_events);
    }
}
