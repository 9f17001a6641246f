using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Fovea.Cli.Bench;
using Fovea.Cli.Output;
using Fovea.Cli.Usage;
using Fovea.Data.Augment;
using Fovea.Data.Decoding;
using Fovea.Images;
using Fovea.Tensors;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea bench augment</c>: what each transform and each mixer costs an image, on one thread.</summary>
internal static class BenchAugmentCommand
{
    private const int WarmUps = 5;
    private const int Rounds = 5;
    private const double LeastMilliseconds = 3;
    private const int MostImages = 1 << 14;
    private const int PhotographWidth = 500;
    private const int PhotographHeight = 375;
    private const int Small = 64;

    /// <summary>Rows of the batch that mixers mix.</summary>
    private const int Batch = 8;

    private static readonly int[] s_usual = [32, 224];

    private static readonly Option<int?> s_imageSize =
        new("--image-size") { Description = "Rows and columns of the result; by default 32, of images as large, and 224, of 500×375", HelpName = "N" };

    internal static Command Create() =>
        new Command("augment", "Time each transform and each mixer, with its defaults, on one thread").With(s_imageSize).Runs(Run);

    private static int Run(Invocation call)
    {
        var sizes = call.Within(s_imageSize, 1, Preprocessing.LargestSide) is { } size ? [size] : s_usual;

        // The code of all steps is compiled for speed only after a while.
        for (var round = 0; round < WarmUps; round++)
            foreach (var side in sizes) Time([new RandomResizedCrop(), new HorizontalFlip()], side, call.Stop);
        var none = sizes.Select(side => Time([], side, call.Stop)).ToArray();
        Row[] rows =
        [
            new("none", "none", [.. none.Select(_ => 0.0)]),
            .. Transform.Kinds.Select(step => new Row("transform", step.Kind, [.. sizes.Select((side, i) => Time([step], side, call.Stop) - none[i])])),
            .. Mixer.Kinds.Select(mixer => new Row("mixer", mixer.Kind, [.. sizes.Select(side => Time(mixer, side, call.Stop))])),
        ];
        Print(call.Report, sizes, rows, none);
        return ExitCodes.Ok;
    }

    private static void Print(Report report, int[] sizes, Row[] rows, double[] none)
    {
        report.Line("microseconds an image on one thread, decoded before: all, and what comes on top (+) of fitting and normalising alone");
        var table = new TextTable(["what", "kind", .. sizes.SelectMany(size => (string[])[$">{size} px", ">+"])]);
        foreach (var row in rows)
            table.Row([row.What, row.Kind, .. row.Extra.SelectMany((extra, i) => (string[])[Text(none[i] + extra), Text(extra)])]);
        report.Table(table);
        report.Object(json =>
        {
            json.WriteStartArray("augmentations");
            foreach (var (what, kind, extra) in rows)
                for (var i = 0; i < sizes.Length; i++)
                {
                    json.WriteStartObject();
                    json.WriteString("what", what);
                    json.WriteString("kind", kind);
                    json.WriteNumber("image_size", sizes[i]);
                    json.WriteNumber("us", none[i] + extra[i]);
                    json.WriteNumber("extra_us", extra[i]);
                    json.WriteEndObject();
                }

            json.WriteEndArray();
        });
    }

    /// <summary>Microseconds of an image through a pipeline.</summary>
    private static double Time(IReadOnlyList<Transform> transforms, int size, CancellationToken stop)
    {
        using var preprocessor = new Preprocessor(
            new()
            {
                Input = new() { Height = size, Width = size, CropFraction = size > Small ? new Preprocessing().CropFraction : 1 }, Transforms = transforms,
            });
        var image = size > Small ? Picture(PhotographWidth, PhotographHeight) : Picture(size, size);
        var target = new float[preprocessor.Length];
        return PerImage(i => preprocessor.Process(image, "picture", target, seed: 1, epoch: i, sample: 1), stop);
    }

    /// <summary>Microseconds that a mixer takes for a row.</summary>
    private static double Time(Mixer mixer, int size, CancellationToken stop)
    {
        var length = 3 * size * size;
        var (batch, target, rows) = (new float[Batch * length], new float[length], Enumerable.Range(0, mixer.Images).ToArray());
        return PerImage(
            i =>
            {
                var draws = new Draws(1, 2, i, 0);
                mixer.Draw(size, size, ref draws).Mix(new(batch, rows, target, size, size));
            }, stop);
    }

    /// <summary>The least time of some rounds, each of as many images as take a while.</summary>
    private static double PerImage(Action<int> work, CancellationToken stop)
    {
        var images = 1;
        void Round()
        {
            for (var i = 0; i < images; i++) work(i);
        }

        for (var took = 0.0; took < LeastMilliseconds && images < MostImages; images *= 2)
        {
            stop.ThrowIfCancellationRequested();
            var started = Stopwatch.GetTimestamp();
            Round();
            took = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }

        return 1000 * Timings.Of(Round, warmUp: 1, Rounds, stop).Min / images;
    }

    /// <summary>A picture with structure at several scales.</summary>
    private static RgbImage Picture(int width, int height)
    {
        var (image, noise) = (new RgbImage(width, height), new Philox(1, 2));
        for (var i = 0; i < image.Pixels.Length; i++)
        {
            var (x, y) = (i / 3 % width, i / 3 / width);
            image.Pixels[i] = (byte)(128 + (60 * Math.Sin((x * 0.11) + (i % 3)) * Math.Cos(y * 0.07)) + noise.Integer((ulong)i, 60));
        }

        return image;
    }

    private static string Text(double microseconds) => microseconds.ToString("F1", CultureInfo.InvariantCulture);

    /// <summary>What a step costs at each size; a difference of two times, and so perhaps a little below 0.</summary>
    private sealed record Row(string What, string Kind, double[] Extra);
}
