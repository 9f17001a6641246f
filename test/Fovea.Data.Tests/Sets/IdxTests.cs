using System.Buffers.Binary;
using Fovea.Data.Decoding;
using Fovea.Data.Sets;
using Fovea.Data.Sources;

namespace Fovea.Data.Tests.Sets;

public sealed class IdxTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")]
    [InlineData("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz")]
    [InlineData("train-images.idx3-ubyte", "train-labels.idx1-ubyte", "t10k-images.idx3-ubyte.gz", "t10k-labels.idx1-ubyte.gz")]
    [InlineData("emnist-letters-train-images-idx3-ubyte", "emnist-letters-train-labels-idx1-ubyte",
        "emnist-letters-test-images-idx3-ubyte", "emnist-letters-test-labels-idx1-ubyte")]
    public void Four_files_are_read_packed_or_not(string trainImages, string trainLabels, string testImages, string testLabels)
    {
        Write(trainImages, Images(5, 7, 6));
        Write(trainLabels, Labels(3, 1, 0, 2, 3));
        Write(testImages, Images(2, 7, 6));
        Write(testLabels, Labels(2, 2));

        var parts = DataSet.Find(_folder.Path).Open();

        Assert.Equal((5, 2), (parts.Train.Count, parts.Validation.Count));
        Assert.Equal(["0", "1", "2", "3"], parts.ClassNames);
        Assert.Equal([3, 1, 0, 2, 3], Enumerable.Range(0, 5).Select(parts.Train.Label));
        Assert.Equal((ImageFormat.Raw, 6, 7, 1), CifarTests.Facts(parts.Train.ReadHeader(0)));
        Assert.Equal([.. Enumerable.Range(42, 42).SelectMany(i => Enumerable.Repeat((byte)(i * 5), 3))], CifarTests.Decoded(parts.Train, 1));
    }

    [Fact]
    public void Class_file_beside_them_names_the_labels()
    {
        Write("train-images-idx3-ubyte", Images(3, 2, 2));
        Write("train-labels-idx1-ubyte", Labels(1, 0, 2));
        File.WriteAllText(_folder["classes.txt"], "T-shirt/top\nTrouser\nAnkle boot\n");
        Assert.Equal(["T-shirt/top", "Trouser", "Ankle boot"], DataSet.Find(_folder.Path).OpenAll().Images.ClassNames);
        File.WriteAllText(_folder["classes.txt"], "a\nb\n");
        Refuses("image 2 has the label 2; wanted 0 to 1");
    }

    [Fact]
    public void Labels_that_do_not_begin_at_0_are_classes_all_the_same()
    {
        Write("train-images-idx3-ubyte", Images(3, 2, 2));
        Write("train-labels-idx1-ubyte", Labels(26, 1, 2));
        Assert.Equal(["1", "2", "26"], DataSet.Find(_folder.Path).OpenAll().Images.ClassNames);
    }

    [Fact]
    public void Wrong_magic_number_is_refused()
    {
        Write("train-images-idx3-ubyte", Labels(1, 2));
        Write("train-labels-idx1-ubyte", Labels(1, 2));
        Refuses("train-images-idx3-ubyte: its magic number is 0x00000801; wanted 0x00000803, images of bytes");
    }

    [Theory]
    [InlineData(0, "its magic number is 0x00000000; wanted 0x00000803")]
    [InlineData(9, "it is truncated: its header has 9 bytes; wanted 16 bytes")]
    [InlineData(20, "it is truncated: 4 bytes follow its header; wanted 12 bytes")]
    public void Truncated_file_is_refused(int length, string message)
    {
        Write("train-images-idx3-ubyte.gz", Images(3, 2, 2)[..length]);
        Write("train-labels-idx1-ubyte.gz", Labels(1, 2, 0));
        Refuses($"train-images-idx3-ubyte.gz: {message}");
    }

    [Fact]
    public void Truncated_gzip_is_refused()
    {
        var packed = CifarTests.Gzip(Images(300, 9, 9));
        _folder.Write("train-images-idx3-ubyte.gz", packed[..(packed.Length / 2)]);
        Write("train-labels-idx1-ubyte.gz", Labels(1, 2, 0));
        Refuses("train-images-idx3-ubyte.gz: it is ");
    }

    [Fact]
    public void Bytes_behind_the_last_image_are_refused()
    {
        Write("train-images-idx3-ubyte", [.. Images(3, 2, 2), 0]);
        Write("train-labels-idx1-ubyte", Labels(1, 2, 0));
        Refuses("bytes follow the 12 that its header says; wanted nothing behind them");
    }

    [Fact]
    public void Other_numbers_of_images_and_labels_are_refused()
    {
        Write("train-images-idx3-ubyte", Images(3, 2, 2));
        Write("train-labels-idx1-ubyte", Labels(1, 2));
        Refuses("train-labels-idx1-ubyte: it has 2 labels, train-images-idx3-ubyte 3 images; wanted as many labels as images");
    }

    [Fact]
    public void Huge_counts_are_refused_before_memory_is_taken()
    {
        var images = Images(1, 2, 2);
        BinaryPrimitives.WriteUInt32BigEndian(images.AsSpan(4), uint.MaxValue);
        Write("train-images-idx3-ubyte", images);
        Write("train-labels-idx1-ubyte", Labels(1));
        Refuses("its header says 17179869180 bytes, which are held in memory; wanted at most");
        BinaryPrimitives.WriteUInt32BigEndian(images.AsSpan(8), uint.MaxValue);
        Write("train-images-idx3-ubyte", images);
        Refuses("its images have 2×4294967295 pixels; wanted 1×1 to 4096×4096");
    }

    [Fact]
    public void Images_without_labels_are_refused()
    {
        Write("train-images-idx3-ubyte", Images(3, 2, 2));
        Refuses("train-labels-idx1-ubyte is missing, beside train-images-idx3-ubyte; wanted images and labels of each part");
    }

    [Fact]
    public void One_of_the_files_asks_for_the_folder()
    {
        Write("train-images-idx3-ubyte", Images(3, 2, 2));
        var e = Assert.Throws<DataException>(() => DataSet.Find(_folder["train-images-idx3-ubyte"]));
        Assert.Contains("this is one file of a data set; wanted the folder that holds it", e.Message, StringComparison.Ordinal);
    }

    private static byte[] Images(int count, int height, int width)
    {
        var bytes = new byte[16 + (count * height * width)];
        foreach (var (at, number) in new[] { (0, 0x803), (4, count), (8, height), (12, width) }) BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(at), number);
        for (var i = 16; i < bytes.Length; i++) bytes[i] = (byte)((i - 16) * 5);
        return bytes;
    }

    private static byte[] Labels(params byte[] labels)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(bytes, 0x801);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4), labels.Length);
        return [.. bytes, .. labels];
    }

    private void Refuses(string message) =>
        Assert.Contains(message, Assert.Throws<DataException>(() => DataSet.Find(_folder.Path)).Message, StringComparison.Ordinal);

    private void Write(string name, byte[] data) => _folder.Write(name, name.EndsWith(".gz", StringComparison.Ordinal) ? CifarTests.Gzip(data) : data);
}
