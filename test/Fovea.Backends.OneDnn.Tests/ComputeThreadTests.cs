using Fovea.Backends.OneDnn.Interop;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Tests;

/// <summary>Threads of this process are counted, so no other test runs beside these.</summary>
[Collection(nameof(AloneCollection))]
public sealed unsafe class ComputeThreadTests
{
    [Fact]
    public void Work_is_done_in_order_on_one_thread_that_is_not_the_callers()
    {
        using var thread = new ComputeThread(1);
        var seen = new List<(int Number, int Thread)>();
        for (var i = 0; i < 100; i++)
        {
            var number = i;
            if (i % 3 == 0) thread.Run(() => seen.Add((number, Environment.CurrentManagedThreadId)));
            else thread.Post(() => seen.Add((number, Environment.CurrentManagedThreadId)));
        }

        thread.Run(() => { });
        Assert.Equal(Enumerable.Range(0, 100), seen.Select(entry => entry.Number));
        Assert.NotEqual(Environment.CurrentManagedThreadId, Assert.Single(seen.Select(entry => entry.Thread).Distinct()));
    }

    [Fact]
    public void Exception_of_work_comes_to_the_caller_and_the_thread_lives_on()
    {
        using var thread = new ComputeThread(1);
        Assert.Equal("no", Assert.Throws<GraphException>(() => thread.Run(() => throw new GraphException("no"))).Message);
        var done = false;
        thread.Run(() => thread.Run(() => done = true));
        Assert.True(done);
    }

    [Fact]
    public void Caller_that_is_interrupted_waits_for_its_work_and_is_interrupted_then()
    {
        using var thread = new ComputeThread(1);
        using var release = new ManualResetEventSlim();
        var (done, interrupted) = (false, false);
        var caller = new Thread(() =>
        {
            thread.Run(() =>
            {
                release.Wait();
                done = true;
            });
            try
            {
                Thread.Sleep(Timeout.Infinite);
            }
            catch (ThreadInterruptedException)
            {
                interrupted = done;
            }
        });
        caller.Start();
        caller.Interrupt();
        release.Set();
        caller.Join();
        Assert.True(interrupted);
    }

    [Fact]
    public void Thread_does_what_it_was_given_before_it_ends()
    {
        var thread = new ComputeThread(1);
        var count = 0;
        for (var i = 0; i < 1000; i++) thread.Post(() => count++);
        thread.Dispose();
        thread.Dispose();
        Assert.Equal(1000, count);
        Assert.Throws<ObjectDisposedException>(() => thread.Run(() => { }));
        Assert.Throws<ObjectDisposedException>(() => thread.Post(() => { }));
    }

    [Fact]
    public void Team_has_as_many_threads_as_were_asked_for_and_ends_with_its_owner()
    {
        Threads.Await(plans: 0);
        for (var threads = 1; threads <= 4; threads++)
        {
            using var thread = new ComputeThread(threads);
            Assert.Equal(threads, thread.Threads);
            thread.Run(() => Assert.Equal(threads, GompTeam.MaxThreads));
            Assert.Equal(threads, Threads.OfPlans);
            thread.Dispose();
            Threads.Await(plans: 0);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => new ComputeThread(-1));
    }

    [Fact]
    public void Team_keeps_its_threads_when_work_is_of_fewer_parts()
    {
        Threads.Await(plans: 0);
        using var thread = new ComputeThread(4);
        var before = Threads.IdsOfPlans;
        thread.Run(() =>
        {
            for (var parts = 1; parts <= 6; parts++) GompTeam.Run(parts, &Count, 0);
        });
        Assert.Equal(before, Threads.IdsOfPlans);
    }

    [Fact]
    public void Caller_of_a_session_gets_no_team()
    {
        Threads.Await(plans: 0);
        using var session = new OneDnnBackend().Open();
        var graph = new Graph("g");
        var x = graph.Input("x", TensorType.F32(8, 16, 32, 32));
        graph.Output("y", x.Conv2d(graph.Parameter("w", new Shape(16, 16, 3, 3), Initializer.Ones), Window2d.Of(padding: 1)).Relu());
        using var plan = session.Compile(graph);
        plan.Run();
        session.Write("w", session.Read("w"));
        var (most, before, plans) = (0, Threads.Count, Threads.OfPlans);
        var callers = Enumerable.Range(0, 16).Select(_ => new Thread(() =>
        {
            plan.Run();
            session.Write("w", session.Read("w"));
            lock (session) most = Math.Max(most, Threads.Count);
        })).ToArray();
        foreach (var caller in callers) caller.Start();
        foreach (var caller in callers) caller.Join();
        Assert.InRange(most, 1, before + 16 + 4);
        Assert.Equal(plans, Threads.OfPlans);
    }

    [Fact]
    public void Run_from_another_thread_allocates_nothing()
    {
        using var session = new OneDnnBackend().Open();
        var graph = new Graph("g");
        graph.Output("y", graph.Input("x", TensorType.F32(3)).Relu());
        using var plan = session.Compile(graph);
        for (var i = 0; i < 10; i++) plan.Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) plan.Run();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static void Count(int part, int parts, nint data)
    {
    }
}

/// <summary>Tests that run when no others do.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;
