using System.Formats.Tar;
using System.IO.Compression;
using Fovea.Data.Augment;
using Fovea.Data.Batching;
using Fovea.Data.Decoding;
using Fovea.Data.Sets;
using Fovea.Data.Sources;
using Fovea.Data.Sources.Archives;
using Fovea.Data.Sources.Published;

namespace Fovea.Data.Tests.Sets;

public sealed class CifarTests : IDisposable
{
    private const int Record = 3073;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("row", "S3-01")]
    public void Cifar_10_is_read_from_its_archive_pixel_by_pixel()
    {
        var first = Batch(4, 1);
        var archive = Archive("cifar-10-binary.tar.gz", ("cifar-10-batches-bin/batches.meta.txt", Text("a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n")),
            ("cifar-10-batches-bin/data_batch_1.bin", first), ("cifar-10-batches-bin/data_batch_2.bin", Batch(3, 2)),
            ("cifar-10-batches-bin/readme.html", Text("x")), ("cifar-10-batches-bin/test_batch.bin", Batch(2, 3)));

        var data = DataSet.Find(archive);
        var parts = data.Open(new() { AllowEmptyClasses = true });

        Assert.Equal(("CIFAR-10", 7, 2), (data.Kind, parts.Train.Count, parts.Validation.Count));
        Assert.Equal("j", parts.ClassNames[9]);
        Assert.Equal([.. Enumerable.Range(0, 4).Select(i => (int)first[i * Record])], Enumerable.Range(0, 4).Select(parts.Train.Label));
        Assert.Equal(("data_batch_2/00001", $"{archive}: data_batch_2, image 1"), (parts.Train.Key(5), parts.Train.Path(5)));
        Assert.Equal((ImageFormat.Raw, 32, 32, 3), Facts(parts.Train.ReadHeader(0)));
        Assert.Equal(Planes(first.AsSpan(Record + 1, 3072), 3), Decoded(parts.Train, 1));
    }

    [Fact]
    [Trait("row", "S3-01")]
    public void Cifar_100_has_fine_and_coarse_labels()
    {
        var train = new byte[2 * 3074];
        (train[0], train[1], train[3074], train[3075]) = (19, 99, 0, 4);
        var archive = Archive("cifar-100-binary.tar.gz", ("cifar-100-binary/train.bin", train), ("cifar-100-binary/test.bin", train));

        var fine = DataSet.Find(archive).OpenAll().Images;
        var coarse = DataSet.Find(archive, new() { CoarseLabels = true }).OpenAll().Images;

        Assert.Equal((100, "worm", "beaver"), (fine.ClassNames.Count, fine.ClassNames[fine.Label(0)], fine.ClassNames[fine.Label(1)]));
        Assert.Equal((20, "vehicles_2", "aquatic_mammals"), (coarse.ClassNames.Count, coarse.ClassNames[coarse.Label(0)], coarse.ClassNames[coarse.Label(1)]));
    }

    [Fact]
    public void Unpacked_folder_and_the_one_above_it_are_the_same_data()
    {
        _folder.Write("root/cifar-10-batches-bin/data_batch_1.bin", Batch(5, 1)).Write("root/cifar-10-batches-bin/test_batch.bin", Batch(5, 2));
        foreach (var place in (string[])["root", "root/cifar-10-batches-bin"])
        {
            var parts = DataSet.Find(_folder[place]).Open(new() { AllowEmptyClasses = true });
            Assert.Equal((5, 5, "airplane"), (parts.Train.Count, parts.Validation.Count, parts.ClassNames[0]));
        }
    }

    [Fact]
    public void Folder_that_a_download_filled_is_read_from_the_archive()
    {
        Archive("down/cifar-10-binary.tar.gz", ("x/data_batch_1.bin", Batch(5, 1)));
        Assert.Equal(5, DataSet.Find(_folder["down"]).OpenAll().Images.Count);
    }

    [Fact]
    public void Batches_are_the_same_for_any_number_of_workers_and_any_beginning()
    {
        var source = DataSet.Find(Archive("c.tar.gz", ("data_batch_1.bin", Batch(20, 1)))).OpenAll().Images;
        var whole = Epoch(source, workers: 1, start: 0);
        Assert.Equal(whole, Epoch(source, workers: 4, start: 0));
        Assert.Equal(whole[3..], Epoch(source, workers: 2, start: 3));
    }

    [Fact]
    public void Archive_without_compression_is_read_too()
    {
        var path = _folder["c.tar"];
        File.WriteAllBytes(path, Tar(("data_batch_1.bin", Batch(2, 1))));
        Assert.Equal(2, DataSet.Find(path).OpenAll().Images.Count);
    }

    [Fact]
    public void Truncated_archive_is_refused()
    {
        var path = Archive("c.tar.gz", ("data_batch_1.bin", Batch(60, 1)), ("test_batch.bin", Batch(60, 2)));
        var bytes = File.ReadAllBytes(path);
        foreach (var length in (int[])[bytes.Length * 3 / 4, bytes.Length / 2, 600])
        {
            File.WriteAllBytes(path, bytes[..length]);
            Refuses(path, "it is damaged, truncated, or cannot be read");
        }
    }

    [Fact]
    public void Damaged_archive_is_refused()
    {
        var path = Archive("c.tar.gz", ("data_batch_1.bin", Batch(60, 1)));
        var bytes = File.ReadAllBytes(path);
        bytes[^6] ^= 1;
        File.WriteAllBytes(path, bytes);
        Refuses(path, "it is damaged, truncated, or cannot be read");
    }

    [Fact]
    public void Batch_of_another_length_is_refused() =>
        Refuses(Archive("c.tar.gz", ("data_batch_1.bin", Batch(2, 1)[..^1])),
            "data_batch_1.bin: it has 6145 bytes; wanted records of 3073 bytes, the last of them whole");

    [Fact]
    public void Empty_batch_is_refused() =>
        Refuses(Archive("c.tar.gz", ("data_batch_1.bin", [])), "data_batch_1.bin: it has 0 bytes; wanted records of 3073 bytes");

    [Fact]
    public void Label_out_of_range_is_refused()
    {
        var batch = Batch(3, 1);
        batch[2 * Record] = 10;
        Refuses(Archive("c.tar.gz", ("data_batch_1.bin", batch)), "data_batch_1.bin: image 2 has the label 10; wanted 0 to 9");
    }

    [Fact]
    public void Missing_batch_is_named() =>
        Refuses(Archive("c.tar.gz", ("data_batch_1.bin", Batch(2, 1)), ("data_batch_3.bin", Batch(2, 1))),
            "data_batch_2.bin is missing; wanted all batches of CIFAR-10");

    [Fact]
    public void Missing_batches_of_the_official_length_are_named() =>
        Refuses(
            _folder.Write("f/data_batch_1.bin", new byte[10_000 * Record])["f"],
            "data_batch_2.bin, data_batch_3.bin, data_batch_4.bin, data_batch_5.bin, test_batch.bin are missing; wanted all batches of CIFAR-10");

    [Fact]
    public void Batch_that_is_there_twice_is_refused() =>
        Refuses(Archive("c.tar.gz", ("a/data_batch_1.bin", Batch(2, 1)), ("b/data_batch_1.bin", Batch(2, 1))),
            "it holds data_batch_1.bin twice; wanted each file once");

    [Fact]
    public void Batch_that_is_a_link_is_refused()
    {
        using var bytes = new MemoryStream();
        using (var tar = new TarWriter(bytes, leaveOpen: true)) tar.WriteEntry(
            new PaxTarEntry(TarEntryType.SymbolicLink, "data_batch_1.bin") { LinkName = "/etc/passwd" });
        File.WriteAllBytes(_folder["c.tar"], bytes.ToArray());
        Refuses(_folder["c.tar"], "data_batch_1.bin is no file but a link; wanted files alone");
    }

    [Theory]
    [InlineData("../data_batch_1.bin")]
    [InlineData("/data_batch_1.bin")]
    [InlineData("a/../../data_batch_1.bin")]
    public void Batch_whose_path_leads_out_is_refused(string name) =>
        Refuses(Archive("c.tar.gz", (name, Batch(1, 1))), $"the path {name} leads out of the archive; wanted paths within it");

    [Fact]
    public void Batches_of_both_data_sets_are_refused() =>
        Refuses(Archive("c.tar.gz", ("data_batch_1.bin", Batch(1, 1)), ("train.bin", new byte[3074])),
            "it holds batches of CIFAR-10 and of CIFAR-100; wanted those of one of them");

    [Fact]
    public void Coarse_labels_of_cifar_10_are_refused()
    {
        var path = Archive("c.tar.gz", ("data_batch_1.bin", Batch(1, 1)));
        Assert.Contains("CIFAR-10 has no coarse labels", Assert.Throws<DataException>(() => DataSet.Find(path, new() { CoarseLabels = true })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Entry_that_claims_more_than_memory_holds_is_refused()
    {
        var tar = Tar(("data_batch_1.bin", Batch(1, 1)));
        "77777777777"u8.CopyTo(tar.AsSpan(124));
        var sum = tar.AsSpan(0, 512).ToArray().Select((b, i) => i is >= 148 and < 156 ? 32 : (int)b).Sum();
        Text($"{Convert.ToString(sum, 8).PadLeft(6, '0')}\0 ").CopyTo(tar, 148);
        var e = Assert.Throws<DataException>(() => ArchiveFiles.InTar(_folder.Write("c.tar.gz", Gzip(tar))["c.tar.gz"], _ => true, default));
        Assert.Contains("data_batch_1.bin: it has 8589934591 bytes, which are held in memory; wanted at most", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("row", "S3-01")]
    public void File_as_long_as_the_published_one_has_its_sum()
    {
        var path = _folder.Write("f", [1, 2, 3])["f"];
        PublishedFile[] same = [new("cifar", "", "5289df737df57326fcdd22597afb1fac", Bytes: 3)];
        PublishedFile[] other = [new("cifar", "", "00000000000000000000000000000000", Bytes: 3)];
        PublishedFile.Check(path, same, default);
        PublishedFile.Check(path, [other[0] with { Bytes = 4 }], default);
        var e = Assert.Throws<DataException>(() => PublishedFile.Check(path, other, default));
        Assert.Contains("its MD5 is 5289df737df57326fcdd22597afb1fac, that of the published file 0000", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Split_of_an_archive_is_written_as_files_of_the_same_pixels()
    {
        var source = DataSet.Find(Archive("c.tar.gz", ("data_batch_1.bin", Batch(40, 1)))).OpenAll().Images;
        var split = DatasetSplit.Of(source, 0.3);
        split.Write(_folder["out"], SplitMode.Copy);

        var read = ClassFolders.OpenAll(_folder["out"]).Images;
        Assert.Equal(40, Enumerable.Range(0, read.Count).Select(i => Convert.ToHexString(Decoded(read, i))).Distinct().Count());
        var pixels = Enumerable.Range(0, 40).ToDictionary(i => Convert.ToHexString(Decoded(source, i)), i => source.ClassNames[source.Label(i)]);
        Assert.All(Enumerable.Range(0, read.Count), i => Assert.Equal(pixels[Convert.ToHexString(Decoded(read, i))], read.ClassNames[read.Label(i)]));
        var e = Assert.Throws<DataException>(() => split.Write(_folder["links"], SplitMode.Link));
        Assert.Contains("the image lies in an archive, to which no link can lead; wanted copies", e.Message, StringComparison.Ordinal);
    }

    internal static byte[] Decoded(IImageSource source, int index)
    {
        var bytes = new ByteBuffer();
        source.Read(index, bytes);
        using var decoder = new ImageDecoder();
        var image = new RgbImage();
        decoder.Decode(bytes.Span, source.Path(index), image);
        return image.Pixels.ToArray();
    }

    internal static byte[] Tar(params (string Name, byte[] Data)[] files)
    {
        using var bytes = new MemoryStream();
        using (var tar = new TarWriter(bytes, TarEntryFormat.Ustar, leaveOpen: true))
            foreach (var (name, data) in files)
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(data) });
        return bytes.ToArray();
    }

    internal static byte[] Gzip(byte[] data)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(data);
        return bytes.ToArray();
    }

    internal static (ImageFormat, int, int, int) Facts(ImageHeader header) => (header.Format, header.Width, header.Height, header.Channels);

    private static byte[] Batch(int count, ulong seed)
    {
        var noise = new Tensors.Philox(seed, 3);
        var bytes = new byte[count * Record];
        for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)(i % Record == 0 ? i / Record % 10 : noise.Integer((ulong)i, 256));
        return bytes;
    }

    private static byte[] Planes(ReadOnlySpan<byte> samples, int channels)
    {
        var pixels = new byte[samples.Length];
        var plane = samples.Length / channels;
        for (var i = 0; i < samples.Length; i++) pixels[(i % plane * channels) + (i / plane)] = samples[i];
        return pixels;
    }

    private static byte[] Text(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private static string[] Epoch(IImageSource source, int workers, int start)
    {
        using var loader = new BatchLoader(source, ImagePipeline.Train(16), new() { BatchSize = 4, IsTraining = true, Seed = 5, Workers = workers });
        return [.. loader.Epoch(1, start).Select(batch => string.Join(',', batch.Samples.ToArray()) + string.Join(',', batch.Images.Span[..9].ToArray()))];
    }

    private static void Refuses(string path, string message) =>
        Assert.Contains(message, Assert.Throws<DataException>(() => DataSet.Find(path)).Message, StringComparison.Ordinal);

    private string Archive(string name, params (string Name, byte[] Data)[] files) => _folder.Write(name, Gzip(Tar(files)))[name];
}
