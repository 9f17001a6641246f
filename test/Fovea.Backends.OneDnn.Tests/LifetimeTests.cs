using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Tests;

/// <summary>What is left of plans and sessions after they were disposed of: exceptions, and memory that is safe to touch.</summary>
public sealed class LifetimeTests
{
    public static TheoryData<string> Backends { get; } = ["reference", "oneDNN"];

    [Theory]
    [MemberData(nameof(Backends))]
    public void Plan_that_was_disposed_of_says_so_in_every_member(string name)
    {
        using var session = Backend(name).Open();
        var plan = session.Compile(Graph());
        plan.Dispose();
        plan.Dispose();
        AssertDisposed(plan);
        Assert.Equal("g", plan.Graph.Name);
        Assert.Equal(3, session.Read("w").Floats.Length);
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Session_that_was_disposed_of_says_so_in_every_member(string name)
    {
        var session = Backend(name).Open();
        session.Compile(Graph()).Dispose();
        session.Dispose();
        session.Dispose();
        Assert.Throws<ObjectDisposedException>(() => session.Compile(Graph()));
        Assert.Throws<ObjectDisposedException>(() => session.Read("w"));
        Assert.Throws<ObjectDisposedException>(() => session.Write("w", new HostTensor(TensorType.F32(3))));
        Assert.Throws<ObjectDisposedException>(() => session.Variables);
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Session_takes_its_live_plans_with_it(string name)
    {
        var session = Backend(name).Open();
        var plans = new[] { session.Compile(Graph()), session.Compile(Graph()) };
        plans[0].Run();
        session.Dispose();
        foreach (var plan in plans)
        {
            AssertDisposed(plan);
            plan.Dispose();
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Spans_of_a_plan_stay_memory_after_it_was_disposed_of(string name)
    {
        using var session = Backend(name).Open();
        for (var round = 0; round < 20; round++)
        {
            var plan = session.Compile(Graph(elements: 1 << 20));
            var input = plan.Floats("x");
            var output = plan.Result("y");
            input.Fill(2);
            plan.Run();
            plan.Dispose();
            GC.Collect();
            Assert.Equal(2, output[^1]);
            input.Fill(round);
            Assert.Equal(round, input[^1]);
            Assert.Equal(2, output[0]);
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public async Task Session_that_is_disposed_of_while_others_run_ends_their_runs_first(string name)
    {
        for (var round = 0; round < 10; round++)
        {
            var session = Backend(name).Open();
            var plans = Enumerable.Range(0, 4).Select(_ => session.Compile(Graph())).ToArray();
            using var started = new CountdownEvent(plans.Length);
            var callers = plans
                .Select(plan => Task.Factory.StartNew(() => RunUntilDisposed(plan, started), TaskCreationOptions.LongRunning)).ToArray();
            started.Wait(TestContext.Current.CancellationToken);
            session.Dispose();
            await Task.WhenAll(callers);
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public async Task Plan_of_many_callers_runs_for_one_after_the_other(string name)
    {
        using var session = Backend(name).Open();
        using var plan = session.Compile(Counting());
        var callers = Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var run = 0; run < 50; run++) plan.Run();
        }));
        await Task.WhenAll(callers);
        Assert.Equal(400, session.Read("count").Floats[0]);
    }

    [Fact]
    public void Report_of_a_plan_that_was_disposed_of_is_refused()
    {
        using var session = new OneDnnBackend().Open();
        var plan = (OneDnnExecutable)session.Compile(Graph());
        plan.Dispose();
        Assert.Throws<ObjectDisposedException>(plan.Describe);
        Assert.Throws<ObjectDisposedException>(plan.ForgetTimes);
    }

    [Fact]
    public void Plan_may_be_disposed_of_after_the_thread_that_ran_it()
    {
        using var session = new OneDnnBackend().Open();
        var thread = new ComputeThread(1);
        using var plan = session.Compile(Graph(), thread);
        plan.Run();
        thread.Dispose();
        Assert.Throws<ObjectDisposedException>(plan.Run);
    }

    private static void RunUntilDisposed(IExecutable plan, CountdownEvent started)
    {
        plan.Run();
        started.Signal();
        try
        {
            while (true) plan.Run();
        }
        catch (ObjectDisposedException)
        {
            Assert.Throws<ObjectDisposedException>(plan.Run);
        }
    }

    private static void AssertDisposed(IExecutable plan)
    {
        Assert.Throws<ObjectDisposedException>(plan.Run);
        Assert.Throws<ObjectDisposedException>(() => plan.Input("x"));
        Assert.Throws<ObjectDisposedException>(() => plan.Floats("x"));
        Assert.Throws<ObjectDisposedException>(() => plan.Output("y"));
        Assert.Throws<ObjectDisposedException>(() => plan.Result("y"));
    }

    private static IBackend Backend(string name) => name == "reference" ? new ReferenceBackend() : new OneDnnBackend();

    private static Graph Graph(int elements = 3)
    {
        var graph = new Graph("g");
        var x = graph.Input("x", TensorType.F32(elements));
        graph.Output("y", x.Times(graph.Parameter("w", new Shape(elements), Initializer.Ones)));
        return graph;
    }

    /// <summary>Adds one to its variable at each run.</summary>
    private static Graph Counting()
    {
        var graph = new Graph("counting");
        var count = graph.State("count", new Shape(1), Initializer.Zeros);
        graph.Update(count, count.Plus(graph.Input("x", TensorType.F32(1)).Relu().Exp()));
        return graph;
    }
}
