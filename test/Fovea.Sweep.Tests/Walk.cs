using System.Diagnostics;
using System.Globalization;
using Fovea.Backends.OneDnn;
using Fovea.Execution;
using Fovea.Formats.Onnx;
using Fovea.Formats.Safetensors;
using Fovea.Formats.Weights;
using Fovea.Graphs;
using Fovea.Passes;
using Fovea.Tensors;
using Fovea.Training.Deploying;
using Fovea.Training.Recipes;
using Fovea.Training.Weights;

namespace Fovea.Sweep.Tests;

/// <summary>What is done with one model: a step of training in fp32 and bf16, inference, saving and reloading, the deploy form, its export.</summary>
internal sealed class Walk
{
    private readonly Subject _subject;
    private readonly ITestOutputHelper _output;
    private readonly OneDnnBackend _backend = new();
    private readonly List<string> _problems = [];

    private Walk(Subject subject, ITestOutputHelper output) => (_subject, _output) = (subject, output);

    /// <summary>Takes all steps, also after one that fails, and says what was wrong.</summary>
    internal static IReadOnlyList<string> Through(Subject subject, ITestOutputHelper output)
    {
        var walk = new Walk(subject, output);
        output.WriteLine($"{subject.Row.Name} at {subject.Options.ImageSize} pixels");
        walk.Run();
        return walk._problems;
    }

    private void Run()
    {
        IReadOnlyList<(string Name, HostTensor Tensor)> trained = [];
        Try("fp32 step", () => trained = new OneStep(_subject, _backend, Precision.Fp32).Run(_problems));
        Try("bf16 step", () => new OneStep(_subject, _backend, Precision.Bf16).Run(_problems));
        if (trained.Count == 0) return;
        float[] logits = [];
        Try("inference", () => logits = Logits("inference", _subject.Build(), trained.ToDictionary(entry => entry.Name, entry => entry.Tensor)));
        if (logits.Length == 0) return;
        Try("reload", () => Reload(trained, logits));
        Try("deploy", () => Ship(trained, logits));
    }

    private void Reload(IReadOnlyList<(string Name, HostTensor Tensor)> trained, float[] logits)
    {
        using var file = Scratch();
        SafetensorsFile.Write(file, trained);
        file.Position = 0;
        var (read, model) = (WeightFile.Read(file, "saved.safetensors").Tensors, _subject.Build());
        WeightMatch.Of(model, read).ThrowUnlessComplete("saved.safetensors", _subject.Row.Name);
        var again = Logits("reload", model, read.ToDictionary(entry => entry.Name, entry => entry.Tensor));
        if (!again.AsSpan().SequenceEqual(logits)) _problems.Add($"reload: logits differ by {Difference(logits, again):0.0E+0}; wanted the same bits");
    }

    private void Ship(IReadOnlyList<(string Name, HostTensor Tensor)> trained, float[] logits)
    {
        var weights = trained.ToDictionary(entry => entry.Name, entry => entry.Tensor, StringComparer.Ordinal);
        var form = Deploy.Fold(_subject.Build(), weights, _subject.Row.DeployName);
        var shipped = Logits("deploy", form.Graph, form.Weights);
        Want("deploy", Difference(logits, shipped), DeployProof.DefaultTolerance);
        Try("export", () =>
        {
            using var file = Scratch();
            OnnxFile.Write(file, form.Graph, form.Weights);
            file.Position = 0;
            var back = OnnxFile.Read(file, "exported.onnx", new OnnxReadOptions { Batch = Subject.Batch });
            Want("export", Difference(shipped, Logits("export", back.Graph, back.Weights)), new OnnxExportOptions().Tolerance);
        });
    }

    private float[] Logits(string step, Graph graph, IReadOnlyDictionary<string, HostTensor> weights)
    {
        using var session = _backend.Open();
        using var plan = (OneDnnExecutable)session.Compile(graph);
        foreach (var name in session.Variables) session.Write(name, weights[name]);
        plan.Fill("input", _subject.Images(graph));
        plan.Run();
        _problems.AddRange(SlowSteps.Of(step, plan));
        var logits = plan.Result("logits").ToArray();
        if (!logits.All(float.IsFinite)) _problems.Add($"{step}: the logits are {string.Join(' ', logits)}; wanted finite numbers");
        return logits;
    }

    /// <summary>A file that is gone when it is closed: the largest models fill gigabytes.</summary>
    private static FileStream Scratch() =>
        new(Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 1 << 16, FileOptions.DeleteOnClose);

    private void Want(string step, double difference, double limit)
    {
        _output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{step}: {difference:0.0E+0}"));
        if (!(difference <= limit))
            _problems.Add(string.Create(CultureInfo.InvariantCulture, $"{step}: logits differ by {difference:0.0E+0}; wanted at most {limit:0.0E+0}"));
    }

    private void Try(string step, Action action)
    {
        var start = Stopwatch.GetTimestamp();
        GC.Collect();   // the weights of the step before, which may be gigabytes
        try
        {
            action();
        }
        catch (Exception e)
        {
            _problems.Add($"{step}: {e.GetType().Name}: {e.Message}");
        }

        _output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{step}: {Stopwatch.GetElapsedTime(start).TotalSeconds:F2} s"));
    }

    /// <summary>The norm of the difference, as a part of that of what was expected.</summary>
    private static double Difference(float[] expected, float[] actual)
    {
        var (difference, norm) = (0.0, 0.0);
        for (var i = 0; i < expected.Length; i++)
        {
            difference += Math.Pow((double)expected[i] - actual[i], 2);
            norm += Math.Pow(expected[i], 2);
        }

        return difference == 0 ? 0 : Math.Sqrt(difference / norm);
    }
}
