using Fovea.Data.Augment;
using Fovea.Data.Decoding;
using Fovea.Execution;
using Fovea.Formats;
using Fovea.Formats.Artefact;
using Fovea.Training.Recipes;

namespace Fovea.Package.Tests;

public sealed class ClassifierTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FoveaModel _model = ShippedModels.Model();
    private readonly string _file;

    public ClassifierTests()
    {
        _file = _folder.Path("m.fovea");
        FoveaFile.Write(_file, _model);
        for (var i = 0; i < 5; i++) File.WriteAllBytes(Picture(i), ShippedModels.Picture(i));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Prediction_is_what_the_definitions_of_preprocessing_and_graph_give()
    {
        using var classifier = Classifier.Load(_file);
        for (var i = 0; i < 3; i++) AssertClose(Expected(i), classifier.Predict(Picture(i)), 1e-5);
    }

    [Fact]
    public void File_bytes_and_pixels_of_an_image_give_the_same()
    {
        using var classifier = Classifier.Load(new MemoryStream(File.ReadAllBytes(_file)), "m.fovea");
        var pixels = ShippedModels.Pixels(1);
        var expected = classifier.Predict(Picture(1)).Probabilities.ToArray();
        Assert.Equal(expected, classifier.Predict(File.ReadAllBytes(Picture(1))).Probabilities.ToArray());
        Assert.Equal(expected, classifier.Predict(pixels.Pixels, pixels.Width, pixels.Height).Probabilities.ToArray());
    }

    [Fact]
    public void Arguments_that_are_null_are_called_so_by_name()
    {
        using var classifier = Classifier.Load(_file);
        Assert.Equal("path", Assert.Throws<ArgumentNullException>(() => classifier.Predict((string)null!)).ParamName);
        Assert.Equal("paths", Assert.Throws<ArgumentNullException>(() => classifier.PredictBatch((IReadOnlyList<string>)null!)).ParamName);
        Assert.Equal("encoded", Assert.Throws<ArgumentNullException>(() => classifier.PredictBatch((IReadOnlyList<ReadOnlyMemory<byte>>)null!)).ParamName);
        Assert.Equal("path", Assert.Throws<ArgumentNullException>(() => classifier.PredictBatch([Picture(0), null!])).ParamName);
        Assert.Equal("stream", Assert.Throws<ArgumentNullException>(() => Classifier.Load(null!, "m.fovea")).ParamName);
        Assert.Equal("model", Assert.Throws<ArgumentNullException>(() => Classifier.Of(null!)).ParamName);
    }

    [Fact]
    public void Stream_that_cannot_seek_is_an_argument_that_cannot_be_used()
    {
        using var pipe = new System.IO.Pipes.AnonymousPipeServerStream();
        var message = Assert.Throws<ArgumentException>(() => Classifier.Load(pipe, "m.fovea")).Message;
        Assert.Contains("the stream cannot seek; wanted one that can", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Paths_of_no_file_do_not_keep_others_from_being_classified()
    {
        using var classifier = Classifier.Load(_file);
        var results = classifier.PredictEach([Picture(0), "", "a\0b", _folder.Path("none.png"), Picture(1)], TestContext.Current.CancellationToken).ToArray();
        Assert.Equal([true, false, false, false, true], results.Select(result => result.Prediction is not null));
        Assert.All(results[1..4], result => Assert.IsType<ImageException>(result.Failure));
    }

    [Fact]
    public void What_came_of_an_image_is_written_on_one_line()
    {
        using var classifier = Classifier.Load(_file);
        var results = classifier.PredictEach([Picture(0), _folder.Path("none.png")], TestContext.Current.CancellationToken).ToArray();
        Assert.Equal($"{Picture(0)}: {results[0].Prediction}", results[0].ToString());
        Assert.Equal(results[1].Failure!.Message, results[1].ToString());
    }

    [Fact]
    public void Size_that_no_array_has_is_told_with_the_bytes_it_wants()
    {
        using var classifier = Classifier.Load(_file);
        var message = Assert.Throws<ArgumentException>(() => classifier.Predict(new byte[3], int.MaxValue, int.MaxValue)).Message;
        Assert.Contains("2147483647×2147483647 pixels want 13835058042397261827", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Callers_and_disposals_at_the_same_time_end_with_predictions_or_say_that_it_is_disposed_of()
    {
        var classifier = Classifier.Load(_file);
        using var begun = new CountdownEvent(4);
        var callers = Enumerable.Range(0, 4).Select(caller => OnThreadOfItsOwn(() => CallUntilDisposed(caller))).ToArray();
        begun.Wait(TestContext.Current.CancellationToken);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => OnThreadOfItsOwn(classifier.Dispose)));
        await Task.WhenAll(callers);

        void CallUntilDisposed(int caller)
        {
            begun.Signal();
            while (true)
            {
                try
                {
                    _ = caller % 2 == 0 ? classifier.Predict(Picture(caller)) : classifier.PredictBatch([Picture(0), Picture(1)])[0];
                }
                catch (ObjectDisposedException)
                {
                    return;
                }
            }
        }
    }

    [Fact]
    public async Task Callers_who_keep_the_pool_busy_do_not_keep_it_from_growing()
    {
        using var classifier = Classifier.Load(_file);
        using var begun = new CountdownEvent(Environment.ProcessorCount + 4);
        var isDone = false;
        var callers = Enumerable.Range(0, begun.InitialCount).Select(_ => Task.Run(() =>
        {
            begun.Signal();
            while (!Volatile.Read(ref isDone)) classifier.PredictBatch([Picture(0), Picture(1)]);
        })).ToArray();
        var haveBegun = begun.Wait(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        Volatile.Write(ref isDone, true);
        Assert.True(haveBegun, $"{begun.CurrentCount} callers of {begun.InitialCount} have not begun");
        await Task.WhenAll(callers);
    }

    [Fact]
    public void Batches_of_any_length_give_what_single_images_give()
    {
        using var classifier = Classifier.Load(_file, new ClassifierOptions { Batch = 2 });
        var paths = Enumerable.Range(0, 5).Select(Picture).ToArray();
        for (var count = 0; count <= paths.Length; count++)
        {
            var predictions = classifier.PredictBatch(paths[..count]);
            Assert.Equal(count, predictions.Count);
            for (var i = 0; i < count; i++) AssertClose(classifier.Predict(paths[i]).Probabilities.ToArray(), predictions[i], 1e-5);
        }

        var encoded = paths.Select(path => (ReadOnlyMemory<byte>)File.ReadAllBytes(path)).ToArray();
        Assert.Equal(classifier.PredictBatch(paths).Select(p => p.Probability), classifier.PredictBatch(encoded).Select(p => p.Probability));
    }

    [Fact]
    public async Task Many_threads_get_their_own_results()
    {
        using var classifier = Classifier.Load(_file, new ClassifierOptions { Batch = 3 });
        var expected = Enumerable.Range(0, 5).Select(i => classifier.Predict(Picture(i)).Probability).ToArray();
        var calls = Enumerable.Range(0, 40).Select(call => Task.Run(
            () => call % 4 == 0
                ? classifier.PredictBatch([Picture(call % 5), Picture((call + 1) % 5)])[0].Probability
                : classifier.Predict(Picture(call % 5)).Probability,
            TestContext.Current.CancellationToken));
        var actual = await Task.WhenAll(calls);
        for (var call = 0; call < actual.Length; call++) Assert.Equal(expected[call % 5], actual[call], 1e-5f);
    }

    [Fact]
    public void Lower_precision_moves_probabilities_a_little()
    {
        using var classifier = Classifier.Load(_file, new ClassifierOptions { Precision = Precision.Bf16 });
        AssertClose(Expected(0), classifier.Predict(Picture(0)), 0.05);
    }

    [Fact]
    public void Classes_come_in_the_order_of_their_probabilities()
    {
        using var classifier = Classifier.Load(_file);
        var prediction = classifier.Predict(Picture(0));
        var all = prediction.Top(100);
        Assert.Equal(["ant", "bee", "cat", "dog", "eel"], all.Select(entry => entry.Class).Order(StringComparer.Ordinal));
        Assert.Equal(all.Select(entry => entry.Probability).OrderDescending(), all.Select(entry => entry.Probability));
        Assert.Equal(1, all.Sum(entry => entry.Probability), 1e-5f);
        Assert.Equal(all.Take(2), prediction.Top(2));
        Assert.Equal(all[0], (prediction.Class, prediction.Probability));
        Assert.Equal(classifier.Classes[prediction.Probabilities.Span.IndexOf(prediction.Probability)], prediction.Class);
        Assert.Throws<ArgumentOutOfRangeException>(() => prediction.Top(0));
    }

    [Fact]
    public void Card_and_proof_are_those_of_the_file()
    {
        using var classifier = Classifier.Load(_file);
        Assert.Equal(_model.Card, classifier.Card);
        Assert.Null(classifier.Proof);
    }

    [Fact]
    public void Image_that_cannot_be_read_is_named_and_the_next_one_works()
    {
        using var classifier = Classifier.Load(_file);
        File.WriteAllText(_folder.Path("bad.png"), "no picture");
        var failure = Assert.Throws<ImageException>(() => classifier.PredictBatch([Picture(0), _folder.Path("bad.png"), _folder.Path("missing.png")]));
        Assert.StartsWith(_folder.Path("bad.png"), failure.Message, StringComparison.Ordinal);
        Assert.StartsWith(
            _folder.Path("missing.png"), Assert.Throws<ImageException>(() => classifier.Predict(_folder.Path("missing.png"))).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => classifier.Predict(new byte[10], 2, 2));
        Assert.NotEmpty(classifier.Predict(Picture(0)).Class);
    }

    [Fact]
    public void Images_that_cannot_be_read_do_not_keep_the_others_from_their_predictions()
    {
        using var classifier = Classifier.Of(_model, new() { Batch = 2 });
        File.WriteAllText(_folder.Path("bad.png"), "no picture");
        var (bad, missing) = (_folder.Path("bad.png"), _folder.Path("missing.png"));
        string[] paths = [bad, Picture(1), Picture(2), missing, Picture(3), bad, missing];
        var results = classifier.PredictEach(paths, TestContext.Current.CancellationToken).ToArray();
        Assert.Equal(paths, results.Select(result => result.Path));
        foreach (var (path, prediction, failure) in results)
        {
            if (path == bad || path == missing) Assert.StartsWith(path, failure!.Message, StringComparison.Ordinal);
            else AssertClose(classifier.Predict(path).Probabilities.ToArray(), prediction!, 1e-5);
        }

        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        Assert.Throws<OperationCanceledException>(() => classifier.PredictEach(paths, stopped.Token).First());
    }

    [Theory]
    [InlineData(float.NaN, "the weight")]
    [InlineData(float.PositiveInfinity, "the weight")]
    [InlineData(3e38f, "the logit")]
    public void Model_whose_answers_are_no_numbers_is_refused(float weight, string problem)
    {
        var weights = _model.Weights.ToDictionary(entry => entry.Key, entry => entry.Value.Copy(), StringComparer.Ordinal);
        foreach (var tensor in weights.Values) tensor.Floats[tensor.Floats.Length / 2] = weight;
        var failure = Assert.Throws<PredictionException>(() => Classifier.Of(_model with { Weights = weights }));
        Assert.Contains(problem, failure.Message, StringComparison.Ordinal);
        Assert.Contains("repvgg", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Classifier_that_was_disposed_says_so()
    {
        var classifier = Classifier.Load(_file);
        classifier.Dispose();
        classifier.Dispose();
        Assert.Throws<ObjectDisposedException>(() => classifier.Predict(Picture(0)));
        Assert.Throws<ObjectDisposedException>(() => classifier.PredictBatch([Picture(0)]));
        Assert.Throws<ObjectDisposedException>(() => classifier.PredictBatch([(ReadOnlyMemory<byte>)ShippedModels.Picture(0)]));
        Assert.Throws<ObjectDisposedException>(() => classifier.Predict(ShippedModels.Picture(0)));
        Assert.Throws<ObjectDisposedException>(
            () => classifier.Predict(ShippedModels.Pixels(0).Pixels, ShippedModels.Pixels(0).Width, ShippedModels.Pixels(0).Height));
        Assert.Equal(5, classifier.Classes.Count);
    }

    [Fact]
    public void File_that_is_missing_or_damaged_is_refused()
    {
        Assert.Throws<FileNotFoundException>(() => Classifier.Load(_folder.Path("none.fovea")));
        File.WriteAllBytes(_folder.Path("cut.fovea"), File.ReadAllBytes(_file)[..5000]);
        Assert.Contains("truncated", Assert.Throws<ModelFormatException>(() => Classifier.Load(_folder.Path("cut.fovea"))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Classifier.Load(_file, new ClassifierOptions { Batch = 0 }));
    }

    private static Task OnThreadOfItsOwn(Action work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static void AssertClose(float[] expected, Prediction actual, double tolerance)
    {
        for (var c = 0; c < expected.Length; c++) Assert.Equal(expected[c], actual.Probabilities.Span[c], tolerance);
    }

    private string Picture(int number) => _folder.Path($"{number}.png");

    /// <summary>The probabilities by the reference interpreter, in double.</summary>
    private float[] Expected(int number)
    {
        using var preprocessor = new Preprocessor(ImagePipeline.Evaluate(_model.Card.Input));
        using var session = new ReferenceBackend().Open();
        using var plan = session.Compile(_model.Graph);
        foreach (var (name, tensor) in _model.Weights) session.Write(name, tensor);
        preprocessor.Process(ShippedModels.Picture(number), "picture", plan.Floats("input"));
        plan.Run();
        var logits = plan.Result("logits").ToArray();
        var sum = logits.Sum(z => Math.Exp(z));
        return [.. logits.Select(z => (float)(Math.Exp(z) / sum))];
    }
}
