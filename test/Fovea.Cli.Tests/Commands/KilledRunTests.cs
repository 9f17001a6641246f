using System.Text.Json;
using Fovea.Data.Decoding;
using Fovea.Tensors;
using Fovea.Training.Checkpoints;

namespace Fovea.Cli.Tests.Commands;

/// <summary>A run with every part that remembers something, killed at random moments, ends like an unbroken one.</summary>
public sealed class KilledRunTests : IDisposable
{
    private const int Epochs = 12;
    private const int Kills = 3;
    private const int Side = 36;

    private static readonly int[] s_images = [24, 11, 4];
    private static readonly JsonSerializerOptions s_tuples = new() { IncludeFields = true };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Everything that has a state: loss, wrappers, averages, sampler, mixing, accumulation, momentum and rate, images that are bad.</summary>
    private const string Recipe = """
        model: {name: repvgg, num_blocks: [1, 1, 1, 1], width_multiplier: [0.125, 0.125, 0.0625, 0.0625], drop_rate: 0.1}
        data: {image_size: 32, workers: 2, bad_images: skip}
        sampler: {kind: repeat_factor, threshold: 0.4}
        augment:
          transforms:
            - {kind: random_resized_crop, min_scale: 0.5}
            - horizontal_flip
            - {kind: rand_augment, config: rand-m9-mstd0.5-inc1}
            - {kind: random_erasing, probability: 0.25}
          mixing:
            - mixup
            - {kind: cutmix, per_image: true}
        loss: eqlv2
        optimizer:
          kind: sgd
          learning_rate: 0.02
          around:
            - {kind: sam, rho: 0.05}
            - {kind: lookahead, every: 3}
        schedule: one_cycle
        average: {kind: ema, decay: 0.9}
        train:
          epochs: 12
          batch_size: 6
          accumulate: 2
          seed: 11
          log_every: 1
          checkpoint_every_steps: 1
        """;

    [Theory]
    [InlineData("fp32", 1)]
    [InlineData("bf16", 2)]
    public void A_run_with_every_stateful_part_killed_at_random_moments_ends_with_the_bits_of_an_unbroken_one(string precision, ulong seed)
    {
        var data = Images();
        var recipe = _folder.Path("r.yaml");
        File.WriteAllText(recipe, Recipe);
        string[] Command(string run, params string[] more) =>
            ["train", "-c", recipe, "--data", data, "--out", _folder.Path(run), "--precision", precision, .. more];

        var unbroken = Shell.Run(Command("unbroken"));
        Assert.True(unbroken.Code == 0, unbroken.Error);
        var (moments, killed) = (new Philox(seed, 0), 0);
        for (var life = 0; life < Kills; life++) killed += Kill(Command("killed", life == 0 ? [] : ["--resume"]), moments, life) ? 1 : 0;
        Assert.Equal(Kills, killed);
        var last = Shell.Run(Command("killed", "--resume"));
        Assert.True(last.Code == 0, last.Error);
        Assert.Contains("\nresumed in epoch ", last.Out, StringComparison.Ordinal);

        Weights.Same(_folder.Path("unbroken"), _folder.Path("killed"));
        foreach (var part in (string[])["all", "weights", "averages"]) Assert.Equal(Digest("unbroken", part), Digest("killed", part));
        var (one, other) = (Weights.Latest(_folder.Path("unbroken")), Weights.Latest(_folder.Path("killed")));
        Assert.Equal(Facts(one), Facts(other));
        Assert.Equal(["blue/bad.jpg", "green/bad.jpg"], one.State.BadImages.Select(key => key["train/".Length..]));
        foreach (var part in (string[])["loss/positive", "loss/negative", "slow/", "ema/", "momentum/", "grad/"])
            Assert.Contains(one.Tensors, entry => entry.Name.StartsWith(part, StringComparison.Ordinal));
        Assert.Equal(Losses("unbroken"), Losses("killed"));
    }

    /// <summary>Kills a run some steps and milliseconds after it has begun or gone on.</summary>
    /// <returns>Whether it was still running.</returns>
    private string? Digest(string run, string part) => Shell.Run("digest", _folder.Path(run), "--json").Json.GetProperty(part).GetString();

    private static bool Kill(string[] command, Philox moments, int life)
    {
        using var tool = ToolProcess.Start(command);
        var steps = 1 + moments.Integer((ulong)(2 * life), 5);
        for (var step = 0; step < steps; step++) tool.WaitFor("  batch ");
        TestContext.Current.CancellationToken.WaitHandle.WaitOne(moments.Integer((ulong)((2 * life) + 1), 40));
        tool.Signal("KILL");
        return tool.End().Code == 128 + 9;
    }

    /// <summary>All of a state but the time that it took.</summary>
    private static string Facts(Checkpoint checkpoint) => JsonSerializer.Serialize(
        (checkpoint.State.Epoch, checkpoint.State.Step, checkpoint.State.Batches, checkpoint.State.BestTop1, checkpoint.State.BestEpoch,
            checkpoint.State.Scores, checkpoint.State.BadImages),
        s_tuples);

    /// <summary>The training loss of each epoch, as the log has it.</summary>
    private double[] Losses(string run)
    {
        double[] losses =
        [
            .. from line in File.ReadLines(_folder.Path(run, "log.jsonl"))
               let json = JsonDocument.Parse(line).RootElement
               where json.TryGetProperty("train_loss", out _)
               select json.GetProperty("train_loss").GetDouble(),
        ];
        Assert.Equal(Epochs, losses.Length);
        return losses;
    }

    /// <summary>JPEGs of three classes, of which one has six times as many as another; two of them are none.</summary>
    private string Images()
    {
        using var encoder = new JpegEncoder();
        foreach (var (label, name) in TinyData.Classes.Index())
        {
            foreach (var (part, count) in (ReadOnlySpan<(string, int)>)[("train", s_images[label]), ("val", 3)])
            {
                var folder = Directory.CreateDirectory(_folder.Path("data", part, name)).FullName;
                for (var i = 0; i < count; i++) File.WriteAllBytes(Path.Combine(folder, $"{i:D3}.jpg"), encoder.Encode(Picture(label, (ulong)i), quality: 85));
                if (part == "train" && label < 2) File.WriteAllBytes(Path.Combine(folder, "bad.jpg"), [0xFF, 0xD8, 0xFF]);
            }
        }

        return _folder.Path("data");
    }

    private static RgbImage Picture(int channel, ulong number)
    {
        var (image, noise) = (new RgbImage(Side, Side), new Philox((ulong)channel, number));
        for (var i = 0; i < image.Pixels.Length; i++) image.Pixels[i] = (byte)((noise.Uniform((ulong)i) * 120) + (i % 3 == 2 - channel ? 110 : 20));
        return image;
    }
}
