using System.Globalization;
using Fovea.Darknet;
using Fovea.Darknet.Layers;
using Fovea.Data.Augment;
using Fovea.Data.Parity;
using Fovea.Execution;
using Fovea.Models.Parity;
using Fovea.Sources;
using Fovea.Tensors;
using Fovea.Training.Parity;

namespace Fovea.Parity;

/// <summary>What a network computes with the weights of a fixture.</summary>
internal sealed class DarknetResults(
    FixtureNode root, DarknetNetwork network, IReadOnlyList<(string Name, HostTensor Tensor)> tensors, IBackend backend, string images)
{
    /// <summary>The fields that it compares.</summary>
    internal static readonly string[] Parts = ["batch_norm_inference", "input", "logits", "probabilities", "layer_outputs", "png"];

    /// <summary>Darknet computes in float32, with a compiler that may change the order.</summary>
    private const double Limit = 1e-4;

    private const int Blocks = 4;

    internal IEnumerable<ComponentResult> Compare()
    {
        if (tensors.Count == 0) yield break;
        var weights = Adjusted(root["batch_norm_inference"].Text());
        using var session = backend.Open();
        using var plan = session.Compile(DarknetGraph.Build(network, 1));
        foreach (var (name, tensor) in weights) session.Write(name, tensor);
        root["input"].Remark("rule");
        Fill(plan, Structured().Floats);
        yield return Near("logits", Logits(plan), root["logits"].Flat());
        yield return Near("probabilities", Probabilities(plan), root["probabilities"].Flat());
        if (root.Find("png") is { } pictures)
            foreach (var picture in pictures.Items) yield return Picture(plan, picture);
        foreach (var result in Layers(session)) yield return result;
    }

    /// <summary>The weights for Darknet's two ways of dividing: pjreddie's program adds an epsilon to the deviation, not to the variance.</summary>
    private IEnumerable<(string Name, HostTensor Tensor)> Adjusted(string rule)
    {
        if (rule.Contains("sqrt(var+0.00001)", StringComparison.Ordinal)) return tensors;
        if (!rule.Contains("(sqrt(var)+0.000001)", StringComparison.Ordinal)) throw root["batch_norm_inference"].Wrong($"is '{rule}'; wanted one of two known rules");
        return tensors.Select(entry => entry.Name.EndsWith(".rolling_variance", StringComparison.Ordinal) ? (entry.Name, Original(entry.Tensor)) : entry);
    }

    private static HostTensor Original(HostTensor variance)
    {
        var changed = variance.Copy();
        foreach (ref var one in changed.Floats) one = (float)(Math.Pow(Math.Sqrt(one) + 1e-6, 2) - 1e-5);
        return changed;
    }

    /// <summary>0.5 + 0.25·(blocks + noise).</summary>
    private HostTensor Structured()
    {
        var (place, net) = (root["input"]["shape"], network.Net);
        var (given, shape) = (new Shape(place.Integers(1)), new Shape(1, net.Channels, net.Height, net.Width));
        if (given != shape) throw place.Wrong($"is {given}; wanted {shape}, as the cfg says");
        var (salt, image) = (root["salt"].Text(), new HostTensor(new TensorType(DType.Float32, shape)));
        var (noise, seed) = (FixtureTensors.Seed(salt, "input"), FixtureTensors.Seed(salt, "blocks"));
        for (var i = 0; i < image.Floats.Length; i++)
        {
            var (plane, y, x) = (i / shape.W / shape.H, i / shape.W % shape.H, i % shape.W);
            var block = (((plane * Blocks) + (y * Blocks / shape.H)) * Blocks) + (x * Blocks / shape.W);
            image.Floats[i] = (float)(0.5 + (0.25 * (FixtureTensors.Signed(seed, (ulong)block) + FixtureTensors.Signed(noise, (ulong)i))));
        }

        return image;
    }

    private static void Fill(IExecutable plan, ReadOnlySpan<float> image)
    {
        image.CopyTo(plan.Floats("input"));
        plan.Run();
    }

    /// <summary>What the softmax takes, before its temperature.</summary>
    private float[] Logits(IExecutable plan) => [.. plan.Result("logits").ToArray().Select(x => (float)(x * (network.Softmax?.Temperature ?? 1)))];

    private double[] Probabilities(IExecutable plan)
    {
        double[] logits = [.. plan.Result("logits").ToArray().Select(x => (double)x)];
        if (network.Softmax is not { } softmax) return logits;
        return [.. logits.Chunk(logits.Length / softmax.Groups).SelectMany(group =>
        {
            double[] exponentials = [.. group.Select(x => Math.Exp(x - group.Max()))];
            return exponentials.Select(x => x / exponentials.Sum());
        })];
    }

    private IEnumerable<ComponentResult> Layers(ISession session)
    {
        using var plan = session.Compile(DarknetGraph.BuildLayers(network, 1));
        Fill(plan, Structured().Floats);
        var (worst, problem) = (0.0, default(string));
        foreach (var entry in root["layer_outputs"].Items)
        {
            if (entry.Flat(3) is not [var index, var mean, var norm] || index < 0 || index >= network.Layers.Count) throw entry.Wrong("is no layer; wanted [layer, mean, L2]");
            if (network.Layers[(int)index] is CostLayer) continue;
            var made = plan.Result(DarknetGraph.LayerName((int)index)).ToArray();
            var ours = Math.Sqrt(made.Sum(x => (double)x * x));
            var error = Math.Max(Math.Abs(ours - norm) / norm, Math.Abs(made.Average(x => (double)x) - mean) * Math.Sqrt(made.Length) / norm);
            if (!(error <= Limit)) problem ??= string.Create(
                CultureInfo.InvariantCulture, $"layer {index}: norm {ours:G7}, mean {made.Average(x => (double)x):G7}; wanted {norm:G7}, {mean:G7} within {Limit:G1}");
            worst = Math.Max(worst, error);
        }

        yield return new("layer_outputs", problem);
    }

    private ComponentResult Picture(IExecutable plan, FixtureNode picture)
    {
        var file = picture["file"].Text();
        var path = Path.Combine(images, "images", Path.GetFileName(file));
        try
        {
            if (!File.Exists(path)) return new(file, $"there is no {path}; wanted the picture that the fixture names");
            using var preprocessor = new Preprocessor(ImagePipeline.Evaluate(DarknetImages.Of(network)));
            var input = new float[preprocessor.Length];
            preprocessor.Process(File.ReadAllBytes(path), file, input);
            Fill(plan, input);
            var probabilities = Probabilities(plan);
            (string What, double Ours, double Theirs)[] numbers =
            [
                ("input_mean", input.Average(x => (double)x), picture["input_mean"].Number()),
                ("input_l2", Norm(input), picture["input_l2"].Number()),
                ("logits_l2", Norm(Logits(plan)), picture["logits_l2"].Number()),
                .. picture["top10"].Items.Select(entry => Class(entry, probabilities)),
            ];
            var wrong = Array.Find(numbers, number => !(Math.Abs(number.Ours - number.Theirs) <= Limit * Math.Max(Math.Abs(number.Theirs), 1e-3)));
            return new(file, wrong.What is null ? null : string.Create(
                CultureInfo.InvariantCulture, $"{wrong.What}: {wrong.Ours:G7}; wanted {wrong.Theirs:G7} within {Limit:G1}"));
        }
        finally
        {
            picture.Close();
        }
    }

    private static (string What, double Ours, double Theirs) Class(FixtureNode entry, double[] probabilities) =>
        entry.Flat(2) is [>= 0 and var number, var share] && number < probabilities.Length
            ? ($"class {number}", probabilities[(int)number], share)
            : throw entry.Wrong($"is no class with its share; wanted a number from 0 to {probabilities.Length - 1} first");

    private static ComponentResult Near<T>(string id, IReadOnlyList<T> ours, double[] theirs)
        where T : IConvertible
    {
        if (ours.Count != theirs.Length) return new(id, $"are {ours.Count}; wanted {theirs.Length}");
        var (difference, norm) = (0.0, 0.0);
        for (var i = 0; i < theirs.Length; i++)
        {
            difference += Math.Pow(ours[i].ToDouble(CultureInfo.InvariantCulture) - theirs[i], 2);
            norm += theirs[i] * theirs[i];
        }

        var error = Math.Sqrt(difference / norm);
        return new(id, error <= Limit ? null : string.Create(CultureInfo.InvariantCulture, $"relative error {error:G3}; wanted at most {Limit:G1}"));
    }

    private static double Norm(float[] numbers) => Math.Sqrt(numbers.Sum(x => (double)x * x));
}
