using Fovea.Backends.OneDnn;
using Fovea.Data.Decoding;
using Fovea.Execution;
using Fovea.Formats.Artefact;

namespace Fovea.Package.Tests;

/// <summary>Many callers of one classifier. Threads of this process are counted, so no other test runs beside these.</summary>
[Collection(nameof(AloneCollection))]
public sealed class ServingTests
{
    private static readonly RgbImage s_picture = ShippedModels.Pixels(0);
    private readonly FoveaModel _model = ShippedModels.Model();

    [Theory]
    [InlineData(0, 0, 4, 4, 1)]
    [InlineData(2, 0, 16, 2, 8)]
    [InlineData(5, 0, 2, 5, 1)]
    [InlineData(0, 4, 16, 4, 4)]
    [InlineData(0, 4, 2, 1, 4)]
    [InlineData(3, 2, 16, 3, 2)]
    public void Sessions_and_their_threads_follow_from_options_and_cores(int sessions, int threads, int cores, int expectedSessions, int expectedThreads) =>
        Assert.Equal((expectedSessions, expectedThreads), Lanes.Sizes(new() { Sessions = sessions, ThreadsPerSession = threads }, cores, fitting: 4));

    [Theory]
    [InlineData(16, 45_000_000, 64L << 30, 16)]
    [InlineData(16, 550_000_000, 64L << 30, 15)]
    [InlineData(16, 550_000_000, 4L << 30, 1)]
    [InlineData(1, 0, 64L << 30, 1)]
    public void Classifier_left_to_itself_has_a_session_for_each_core_unless_memory_is_short(int cores, long weightBytes, long memory, int expected) =>
        Assert.Equal(expected, Lanes.Fitting(cores, weightBytes, memory));

    [Theory]
    [InlineData(1, 900, 1000, false)]
    [InlineData(2, null, 1000, true)]
    [InlineData(2, 1500, 1000, true)]
    [InlineData(2, 2500, 1000, false)]
    [InlineData(3, 2500, 1000, true)]
    public void One_thread_for_each_is_chosen_when_there_are_as_many_callers_as_a_team_is_faster(int requests, int? alone, int team, bool expected) =>
        Assert.Equal(expected, Lanes.IsNarrowFaster(requests, alone, team));

    [Fact]
    public void Narrow_lanes_are_tried_until_many_images_say_how_fast_they_are()
    {
        var times = new ImageTimes();
        times.Add(9_000);
        Assert.Null(times.Shortest);
        for (var image = 1; image < ImageTimes.Trials; image++)
        {
            times.Add(5_000);
            Assert.Equal(5_000, times.Shortest);
            Assert.True(Lanes.IsNarrowFaster(2, times.ShortestOfMany, team: 1_000), "a few slow images decide nothing");
        }

        times.Add(1_500);
        Assert.Equal((1_500, 1_500), (times.Shortest, times.ShortestOfMany));
        Assert.True(Lanes.IsNarrowFaster(2, times.ShortestOfMany, team: 1_000));
        Assert.False(Lanes.IsNarrowFaster(2, times.ShortestOfMany, team: 700));
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        foreach (var options in new ClassifierOptions[]
        {
            new() { Sessions = -1 }, new() { Sessions = ClassifierOptions.MaxSessions + 1 }, new() { ThreadsPerSession = -1 },
            new() { ThreadsPerSession = ClassifierOptions.MaxThreadsPerSession + 1 }, new() { Workers = -1 }, new() { Batch = 0 },
        })
            Assert.Throws<ArgumentOutOfRangeException>(() => Classifier.Of(_model, options));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 1)]
    [InlineData(2, 3)]
    public void Thirty_two_callers_get_the_threads_that_were_asked_for_and_no_more(int sessions, int threads)
    {
        Threads.Await(plans: 0);
        using (var classifier = Classifier.Of(_model, new() { Sessions = sessions, ThreadsPerSession = threads }))
        {
            Assert.Equal(sessions * threads, Threads.OfPlans);
            var before = Threads.Count;
            Assert.InRange(Call(classifier, callers: 32), 1, before + 32 + 4);
            Assert.Equal(sessions * threads, Threads.OfPlans);
        }

        Threads.Await(plans: 0);
    }

    [Fact]
    public void Threads_of_a_classifier_left_to_itself_are_twice_the_cores()
    {
        Threads.Await(plans: 0);
        using var lanes = new Lanes(_model, new OneDnnBackend(), new ClassifierOptions(), cores: 3);
        Assert.Equal(6, Threads.OfPlans);
    }

    [Fact]
    public void Plans_for_teams_of_several_sizes_read_the_same_variables()
    {
        var model = ShippedModels.Model("resnet18");
        using var session = new OneDnnBackend().Open();
        using var single = new ComputeThread(1);
        using var team = new ComputeThread(2);
        using var alone = session.Compile(model.Graph, single);
        using var together = session.Compile(model.Graph, team);
        foreach (var (name, tensor) in model.Weights) session.Write(name, tensor);
        foreach (var plan in new[] { alone, together })
        {
            plan.Floats(FoveaModel.InputName).Fill(0.5f);
            plan.Run();
        }

        for (var c = 0; c < 5; c++) Assert.Equal(alone.Result(FoveaModel.OutputName)[c], together.Result(FoveaModel.OutputName)[c], 1e-4f);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Requests_of_many_callers_have_the_results_of_lone_ones_however_many_cores_there_are(int cores)
    {
        using var lanes = new Lanes(_model, new OneDnnBackend(), new ClassifierOptions { Batch = 6 }, cores);
        var length = _model.Graph.Variable(FoveaModel.InputName).Shape.Elements;
        var images = Enumerable.Range(0, 6).Select(i => Enumerable.Range(0, (int)length).Select(n => MathF.Sin((i * 100) + n)).ToArray()).ToArray();
        var expected = new List<float[]>();
        foreach (var image in images) expected.Add(await lanes.Serve(image, 1));
        var all = Enumerable.Range(0, 120).Select(call => call % 10 == 9
            ? (First: 0, Logits: lanes.Serve(images.SelectMany(image => image).ToArray(), 6))
            : (First: call % 6, Logits: lanes.Serve(images[call % 6], 1))).ToArray();
        foreach (var (first, task) in all)
        {
            var logits = await task;
            for (var i = 0; i < logits.Length; i++) Assert.Equal(expected[first + (i / 5)][i % 5], logits[i], 1e-5f);
        }
    }

    [Fact]
    public async Task Asynchronous_calls_give_what_others_give()
    {
        using var classifier = Classifier.Of(_model, new() { Sessions = 2 });
        var encoded = ShippedModels.Picture(1);
        var expected = classifier.Predict(encoded).Probabilities.ToArray();
        var stop = TestContext.Current.CancellationToken;
        var predictions = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => classifier.PredictAsync(encoded, stop: stop)));
        Assert.All(predictions, prediction => Assert.Equal(expected, prediction.Probabilities.ToArray()));
        var failure = await Assert.ThrowsAsync<ImageException>(() => classifier.PredictAsync(new byte[] { 1, 2, 3 }, "upload 7", stop));
        Assert.StartsWith("upload 7: ", failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => classifier.PredictAsync(encoded, stop: new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task Request_that_waits_can_be_given_up_and_one_that_is_computed_is_completed()
    {
        using var source = new CancellationTokenSource();
        using var lanes = new Lanes(_model, new OneDnnBackend(), new ClassifierOptions { Sessions = 1 }, cores: 1);
        var image = new float[_model.Graph.Variable(FoveaModel.InputName).Shape.Elements];
        var waiting = Enumerable.Range(0, 200).Select(_ => lanes.Serve(image, 1)).ToArray();
        var last = lanes.Serve(image, 1, source.Token);
        await source.CancelAsync();
        var end = await Task.WhenAny(last);
        Assert.True(end.IsCanceled || end.IsCompletedSuccessfully);
        await Task.WhenAll(waiting);
        Assert.Equal(5, (await lanes.Serve(image, 1, TestContext.Current.CancellationToken)).Length);

        var request = new Request(image, 1);
        request.Cancel(source.Token);
        Assert.True(request.Logits.IsCanceled);
        var released = false;
        request.Serve(null!, () => released = true);
        Assert.True(released);
    }

    [Fact]
    public async Task Classifier_that_is_disposed_of_while_others_call_answers_or_says_so()
    {
        for (var round = 0; round < 5; round++)
        {
            var classifier = Classifier.Of(_model, new() { Sessions = 2 });
            using var started = new CountdownEvent(8);
            var callers = Enumerable.Range(0, 8)
                .Select(_ => Task.Factory.StartNew(() => CallUntilDisposed(classifier, started), TaskCreationOptions.LongRunning)).ToArray();
            started.Wait(TestContext.Current.CancellationToken);
            classifier.Dispose();
            classifier.Dispose();
            await Task.WhenAll(callers);
            await Assert.ThrowsAsync<ObjectDisposedException>(
                () => classifier.PredictAsync(ShippedModels.Picture(0), stop: TestContext.Current.CancellationToken));
        }
    }

    /// <summary>The most threads that the process had while so many callers were at it.</summary>
    private static int Call(Classifier classifier, int callers)
    {
        var most = 0;
        using var together = new Barrier(callers);
        var threads = Enumerable.Range(0, callers).Select(_ => new Thread(() =>
        {
            together.SignalAndWait();
            for (var i = 0; i < 5; i++) classifier.Predict(s_picture.Pixels, s_picture.Width, s_picture.Height);
            together.SignalAndWait();
            lock (together) most = Math.Max(most, Threads.Count);
        })).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        return most;
    }

    private static void CallUntilDisposed(Classifier classifier, CountdownEvent started)
    {
        classifier.Predict(s_picture.Pixels, s_picture.Width, s_picture.Height);
        started.Signal();
        try
        {
            while (true) classifier.Predict(s_picture.Pixels, s_picture.Width, s_picture.Height);
        }
        catch (ObjectDisposedException)
        {
            Assert.Throws<ObjectDisposedException>(() => classifier.Predict(s_picture.Pixels, s_picture.Width, s_picture.Height));
        }
    }
}

/// <summary>Tests that run when no others do.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;
