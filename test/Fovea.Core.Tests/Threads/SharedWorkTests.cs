using Fovea.Threads;

namespace Fovea.Core.Tests.Threads;

public sealed class SharedWorkTests
{
    private static readonly Lock s_gate = new();

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(1000, 0)]
    [InlineData(1000, 1)]
    [InlineData(3, 8)]
    public void Every_part_is_done_once(int count, int threads)
    {
        var times = new int[count];
        SharedWork.For(count, threads, part => Interlocked.Increment(ref times[part]));
        Assert.All(times, each => Assert.Equal(1, each));
    }

    [Fact]
    public void Every_thread_closes_what_it_has_opened_and_there_are_no_more_than_were_asked_for()
    {
        var (opened, closed) = (0, 0);
        var (most, now) = (0, 0);
        for (var round = 0; round < 50; round++)
        {
            SharedWork.For(
                64, 3, () => Interlocked.Increment(ref opened), (_, _) =>
                {
                    var here = Interlocked.Increment(ref now);
                    lock (s_gate) most = Math.Max(most, here);
                    Interlocked.Decrement(ref now);
                }, _ => Interlocked.Increment(ref closed));
            Assert.Equal(opened, closed);
        }

        Assert.InRange(opened, 50, 150);
        Assert.InRange(most, 1, 3);
    }

    [Fact]
    public void Pool_whose_threads_are_all_busy_keeps_nobody_waiting()
    {
        using var release = new ManualResetEventSlim();
        using var held = new CountdownEvent(2000);
        for (var blocker = 0; blocker < 2000; blocker++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                _ =>
                {
                    release.Wait();
                    held.Signal();
                }, null);
        }

        var done = 0;
        var caller = new Thread(() => SharedWork.For(100, 4, _ => Interlocked.Increment(ref done)));
        caller.Start();
        var returned = caller.Join(TimeSpan.FromMinutes(1));
        release.Set();
        held.Wait(TestContext.Current.CancellationToken);
        Assert.True(returned, "it waits for threads that have not begun");
        Assert.Equal(100, done);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void What_a_part_throws_is_thrown_as_it_is_and_what_was_opened_is_closed(int threads)
    {
        var open = 0;
        var failure = Assert.Throws<ArithmeticException>(() => SharedWork.For(
            100, threads, () => Interlocked.Increment(ref open), (_, part) =>
            {
                if (part == 50) throw new ArithmeticException("fifty");
            }, _ => Interlocked.Decrement(ref open)));
        Assert.Equal(("fifty", 0), (failure.Message, open));
    }

    [Fact]
    public void Parts_that_have_not_begun_when_it_is_stopped_are_left_out()
    {
        using var stop = new CancellationTokenSource();
        var done = 0;
        Assert.Throws<OperationCanceledException>(() => SharedWork.For(
            100, 1, () => 0, (_, part) =>
            {
                done++;
                if (part == 9) stop.Cancel();
            }, _ => { }, stop.Token));
        Assert.Equal(10, done);
    }
}
