using Fovea.Data.Files;

namespace Fovea.Data.Tests.Files;

public sealed class InterruptibleTests
{
    private static readonly CancellationToken s_stopped = new(canceled: true);

    [Fact]
    public void Work_that_hangs_is_left_behind_when_asked_to_stop_and_told_so()
    {
        using var told = new ManualResetEventSlim();

        Assert.ThrowsAny<OperationCanceledException>(() => Interruptible.Run(left =>
        {
            left.WaitHandle.WaitOne();
            told.Set();
            return 1;
        }, s_stopped));

        Assert.True(told.Wait(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Work_that_ends_soon_counts_although_it_was_asked_to_stop() => Assert.Equal(7, Interruptible.Run(() => 7, s_stopped));

    [Fact]
    public void What_work_throws_is_thrown() =>
        Assert.Throws<InvalidDataException>(() => Interruptible.Run<int>(() => throw new InvalidDataException(), s_stopped));
}
