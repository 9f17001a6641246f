using System.Buffers.Binary;
using Fovea.Data.Augment;
using Fovea.Data.Batching;
using Fovea.Data.Sampling;
using Fovea.Data.Sources;
using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Options;
using Fovea.Tensors;
using Fovea.Training;
using Fovea.Training.Batches;
using Fovea.Training.Logging;
using Fovea.Training.Recipes;

namespace Fovea.Recipes.Tests;

/// <summary>A sampler and a transform that these tests alone know are named in YAML, and train.</summary>
public class AddedKindsTrainTests
{
    private const int Side = 6;

    private const string Text = """
        data: {image_size: 6, fit: stretch, workers: 2}
        sampler: {kind: but_one, without: 2}
        augment:
          transforms:
            - {kind: stain, size: 2}
            - horizontal_flip
        train: {epochs: 2, batch_size: 4, seed: 3}
        """;

    private static readonly RecipeKinds s_kinds = RecipeKinds.Default.With(new ButOne()).With(new Stain());

    /// <summary>Every class but one equally often.</summary>
    public sealed record ButOne : Sampler
    {
        public override string Kind => "but_one";

        public int Without { get; init; }

        public override void Check(OptionChecks checks)
        {
            base.Check(checks);
            checks.AtLeast(Without, 0, 100);
        }

        public override IReadOnlyList<double> Times(IReadOnlyList<int> counts, double progress)
        {
            var others = counts.Where((count, label) => label != Without && count > 0).Count();
            return [.. counts.Select((count, label) => label == Without || count == 0 ? 0 : (double)counts.Sum() / others / count)];
        }
    }

    /// <summary>A white square in a random place.</summary>
    public sealed record Stain : Transform
    {
        public override string Kind => "stain";

        public int Size { get; init; } = 1;

        public override void Check(OptionChecks checks) => checks.AtLeast(Size, 1, 100);

        public override void Apply(Canvas canvas, ref Draws draws)
        {
            var image = canvas.Edit();
            var (left, top) = (draws.Integer(image.Width - Size + 1), draws.Integer(image.Height - Size + 1));
            for (var y = top; y < top + Size; y++) image.Pixels.Slice(3 * ((y * image.Width) + left), 3 * Size).Fill(255);
        }
    }

    [Fact]
    public void A_sampler_and_a_transform_of_a_program_are_read_written_and_checked()
    {
        var recipe = RecipeReader.Parse(Text, "x.yaml", s_kinds);
        Assert.Equal(new ButOne { Without = 2 }, recipe.Sampler);
        Assert.Equal([new Stain { Size = 2 }, new HorizontalFlip()], recipe.Augment.Transforms);
        var again = RecipeReader.Parse(RecipeWriter.Write(recipe), "x.yaml", s_kinds);
        Assert.Equal(recipe.Sampler, again.Sampler);
        Assert.Equal(recipe.Augment.Transforms, again.Augment.Transforms);

        var wrong = Assert.Throws<RecipeException>(() => RecipeReader.Parse(
            Text.Replace("without: 2", "without: -1", StringComparison.Ordinal).Replace("size: 2", "size: 0", StringComparison.Ordinal), "x.yaml", s_kinds));
        Assert.Equal(
            "x.yaml:2:26: sampler.without is -1; wanted at least 0\nx.yaml:5:21: augment.transforms[0].size is 0; wanted at least 1", wrong.Message);
        Assert.Contains(
            "wanted uniform, class_balanced, square_root, power, progressive, effective_number, repeat_factor or but_one",
            Assert.Throws<RecipeException>(() => RecipeReader.Parse("sampler: butone\n", "x.yaml", s_kinds)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sampler_and_a_transform_of_a_program_train_by_a_recipe()
    {
        var recipe = RecipeReader.Parse(Text, "x.yaml", s_kinds);
        using var loader = new BatchLoader(Images(), recipe.TrainingPipeline, recipe.TrainingLoader());
        var (labels, white) = (new List<int>(), 0);
        foreach (var batch in loader.Epoch(0))
        {
            labels.AddRange(batch.Labels.Span);
            var brightest = batch.Images.Span.ToArray().Max();
            white += batch.Images.Span.ToArray().Count(number => number == brightest);
        }

        // 18 places for two classes; four white pixels in each image, whose red is the brightest number that there is.
        Assert.Equal([(0, 9), (1, 9)], labels.CountBy(label => label).OrderBy(entry => entry.Key).Select(entry => (entry.Key, entry.Value)));
        Assert.True(white >= 4 * 18, $"{white} white numbers");

        using var trainer = new Trainer(new()
        {
            Recipe = recipe, Model = Net, Backend = new ReferenceBackend(), Train = new LoadedBatches(loader), Classes = ["a", "b", "c"],
        });
        var before = trainer.Session.Read("fc.weight").Floats.ToArray();
        Assert.Equal(TrainingEnd.Finished, trainer.Run(new Quiet(), TestContext.Current.CancellationToken));
        Assert.Equal(10, trainer.State.Step);
        Assert.NotEqual(before, trainer.Session.Read("fc.weight").Floats.ToArray());
    }

    private static Graph Net(int batch)
    {
        var graph = new Graph("linear");
        var x = graph.Input("input", TensorType.F32(batch, 3, Side, Side));
        var weight = new Scope(graph)["fc"].Parameter("weight", new Shape(3, 3 * Side * Side), Initializer.FanInUniform);
        graph.Output("logits", x.Reshape(new Shape(batch, 3 * Side * Side)).MatMul(weight, transposeB: true));
        return graph;
    }

    /// <summary>18 dark bitmaps of 24 bits a pixel, rows of 20 bytes: 10, 5 and 3 of three classes.</summary>
    private static MemoryImages Images()
    {
        const int head = 54;
        const int row = 20;
        return new(["a", "b", "c"], [.. Enumerable.Range(0, 18).Select(i =>
        {
            var file = new byte[head + (row * Side)];
            "BM"u8.CopyTo(file);
            foreach (var (at, value) in ((int, int)[])[(2, file.Length), (10, head), (14, 40), (18, Side), (22, Side), (26, 1 | (24 << 16))])
                BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at), value);
            for (var at = head; at < file.Length; at++) file[at] = (byte)(10 * (i % 5));
            return ($"{i}.bmp", file, i < 10 ? 0 : i < 15 ? 1 : 2);
        })]);
    }

    private sealed class Quiet : ITrainingLog
    {
        public void Step(in StepReport step)
        {
        }

        public void Epoch(EpochReport epoch)
        {
        }

        public void Message(string text)
        {
        }

        public void Warning(string text)
        {
        }
    }
}
