using Fovea.Data.Decoding;
using Fovea.Data.Synth;

namespace Fovea.Data.Tests.Synth;

public sealed class SynthDatasetTests : IDisposable
{
    private static readonly SynthOptions s_small = new() { Classes = 5, Images = 60, Seed = 3 };

    private readonly string _root = Directory.CreateTempSubdirectory("fovea-synth-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void The_bytes_are_the_same_for_any_number_of_workers()
    {
        SynthDataset.Write(At("one"), s_small with { Workers = 1 });
        SynthDataset.Write(At("four"), s_small with { Workers = 4 });

        Assert.Equal(Contents("one"), Contents("four"));
    }

    [Fact]
    public void Another_seed_gives_other_pictures()
    {
        SynthDataset.Write(At("a"), s_small);
        SynthDataset.Write(At("b"), s_small with { Seed = 4 });

        Assert.Empty(Contents("a").Values.Intersect(Contents("b").Values));
    }

    [Fact]
    public void The_summary_tells_what_lies_in_the_folders()
    {
        var seen = new Progress();

        var summary = SynthDataset.Write(At("set"), s_small, seen);

        var files = Directory.GetFiles(At("set"), "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "synth.json").ToArray();
        Assert.Equal(60, summary.Images);
        Assert.Equal(60, files.Length);
        Assert.Equal(summary.PngImages, files.Count(file => file.EndsWith(".png", StringComparison.Ordinal)));
        Assert.Equal(summary.Bytes, files.Sum(file => new FileInfo(file).Length));
        Assert.Equal(60, seen.Largest);
        foreach (var c in summary.Classes)
        {
            Assert.Equal(c.Train, Directory.GetFiles(Path.Combine(At("set"), "train", c.Name)).Length);
            Assert.Equal(c.Val, Directory.GetFiles(Path.Combine(At("set"), "val", c.Name)).Length);
        }
    }

    [Fact]
    public void Png_files_hold_the_drawn_pixels_and_jpeg_files_nearly()
    {
        SynthDataset.Write(At("set"), s_small);
        var (painter, decoder, image) = (new SynthPicture(), new ImageDecoder(), new RgbImage());

        foreach (var item in new SynthPlan(s_small).Items)
        {
            var drawn = painter.Draw(s_small.Seed, item.Class, item.Number);
            decoder.Decode(File.ReadAllBytes(Path.Combine(At("set"), item.Path)), item.Path, image);

            Assert.Equal((item.Frame.Width, item.Frame.Height), (image.Width, image.Height));
            if (item.Frame.IsPng) Assert.Equal(drawn, image.Pixels);
            else Assert.InRange(MeanDifference(drawn, image.Pixels), 0.05, 14);
        }
    }

    [Fact]
    public void A_folder_with_anything_else_is_refused_and_left_alone()
    {
        Directory.CreateDirectory(At("mine"));
        File.WriteAllText(Path.Combine(At("mine"), "letter.txt"), "dear");

        var error = Assert.Throws<IOException>(() => SynthDataset.Write(At("mine"), s_small));

        Assert.StartsWith($"{At("mine")}: is not empty and no data set", error.Message, StringComparison.Ordinal);
        Assert.Equal(["letter.txt"], Directory.EnumerateFileSystemEntries(At("mine")).Select(Path.GetFileName));
    }

    [Fact]
    public void A_file_in_place_of_the_folder_is_refused()
    {
        File.WriteAllText(At("file"), "x");

        Assert.Contains("is a file", Assert.Throws<IOException>(() => SynthDataset.Write(At("file"), s_small)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_own_data_set_is_replaced_without_leftovers()
    {
        SynthDataset.Write(At("set"), s_small with { Classes = 7, Images = 90 });
        SynthDataset.Write(At("set"), s_small);
        SynthDataset.Write(At("fresh"), s_small);

        Assert.Equal(Contents("fresh"), Contents("set"));
        Assert.Equal(5, Directory.GetDirectories(Path.Combine(At("set"), "train")).Length);
    }

    [Fact]
    public void Its_own_data_set_with_a_strange_file_is_refused_by_name()
    {
        SynthDataset.Write(At("set"), s_small);
        var strange = Path.Combine(At("set"), "train", "mine.jpg");
        File.WriteAllText(strange, "x");
        var before = Contents("set");

        var error = Assert.Throws<IOException>(() => SynthDataset.Write(At("set"), s_small with { Seed = 9 }));

        Assert.StartsWith($"{strange}: was not drawn by", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Contents("set"));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"generator\": \"another\"}")]
    [InlineData("{\"generator\": \"fovea data synth\", \"version\": 1, \"classes\": 1, \"images\": 60, \"seed\": 3, \"val_fraction\": 0.15}")]
    [InlineData("{\"generator\": \"fovea data synth\", \"version\": 1, \"classes\": 1e99}")]
    public void A_folder_whose_marker_is_no_marker_is_refused(string marker)
    {
        Directory.CreateDirectory(At("set"));
        File.WriteAllText(Path.Combine(At("set"), "synth.json"), marker);

        Assert.Contains("is not empty", Assert.Throws<IOException>(() => SynthDataset.Write(At("set"), s_small)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stopped_run_can_be_run_again()
    {
        using var stop = new CancellationTokenSource();
        var seen = new Progress { At = 10, Then = stop.Cancel };

        Assert.ThrowsAny<OperationCanceledException>(() => SynthDataset.Write(At("set"), s_small, seen, stop.Token));
        Assert.True(Contents("set").Count < 61);
        SynthDataset.Write(At("set"), s_small);
        SynthDataset.Write(At("whole"), s_small);

        Assert.Equal(Contents("whole"), Contents("set"));
    }

    private string At(string name) => Path.Combine(_root, name);

    private SortedDictionary<string, string> Contents(string name) => new(
        Directory.GetFiles(At(name), "*", SearchOption.AllDirectories).ToDictionary(
            file => Path.GetRelativePath(At(name), file), file => Convert.ToBase64String(File.ReadAllBytes(file))));

    private static double MeanDifference(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        var sum = 0L;
        for (var i = 0; i < a.Length; i++) sum += Math.Abs(a[i] - b[i]);
        return sum / (double)a.Length;
    }

    private sealed class Progress : IProgress<int>
    {
        private int _largest;

        public int Largest => _largest;

        public int At { get; init; } = int.MaxValue;

        public Action? Then { get; init; }

        public void Report(int value)
        {
            lock (this) _largest = Math.Max(_largest, value);
            if (value == At) Then?.Invoke();
        }
    }
}
