using System.Diagnostics;
using System.Text;
using Fovea.Formats.Artefact;
using Fovea.Formats.Onnx;
using Fovea.Formats.Safetensors;
using Fovea.Formats.Weights;

namespace Fovea.Formats.Tests;

public sealed class ForeignContentTests
{
    public static TheoryData<string, byte[]> Foreign => new()
    {
        { "is empty; the download or copy failed", [] },
        { "is a Git LFS pointer, not the weights; run 'git lfs pull'", [.. "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 46830571\n"u8] },
        { "is an HTML page, not the weights: '<!DOCTYPE html>", [.. "<!DOCTYPE html>\n<html><title>Sign in</title></html>"u8] },
        { "is an HTML page", [.. "\uFEFF\r\n  <HTML lang=\"en\">"u8] },
        { "is an HTML page", [.. "<!-- saved from url=(0014)about:internet -->\n<html>"u8] },
        { "is an XML answer, not the weights", [.. "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>"u8] },
        { "is an XML answer", [.. "<Error><Code>NoSuchKey</Code></Error>"u8] },
        { "is JSON, not the weights: '{\"error\":\"Repository not found\"}'", [.. "{\"error\":\"Repository not found\"}"u8] },
        { "is JSON", [.. " [1, 2, 3]"u8] },
        { "is a text, not the weights: 'Not Found'", [.. "Not Found"u8] },
        { "is a text, not the weights: 'a\\u001b[2Jb'", [.. "a\u001b[2Jb"u8] },
        { "is compressed with gzip", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] },
        { "is compressed with bzip2", [.. "BZh91AY&SY"u8] },
        { "is a tar archive", [.. new byte[257], .. "ustar\000"u8, .. new byte[200]] },
        { "is an HDF5 file", [0x89, .. "HDF\r\n\u001a\n"u8] },
        { "is a NumPy array", [0x93, .. "NUMPY\u0001\u0000"u8] },
        { "begins with zeros alone", new byte[4096] },
        { "is a PNG image", [0x89, .. "PNG\r\n\u001a\n"u8] },
    };

    [Theory]
    [MemberData(nameof(Foreign))]
    public void What_came_in_place_of_weights_is_recognised_whatever_its_suffix(string wanted, byte[] content)
    {
        using var folder = new TemporaryFolder();
        foreach (var name in new[] { "w.pth", "w.safetensors", "w.bin", "w" })
        {
            File.WriteAllBytes(folder.Path(name), content);
            var message = Assert.Throws<ModelFormatException>(() => WeightFile.Read(folder.Path(name))).Message;
            Assert.StartsWith($"{folder.Path(name)}: {wanted}", message, StringComparison.Ordinal);
            Assert.EndsWith("; wanted a file of safetensors, PyTorch, Paddle or MindSpore", message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("is a Git LFS pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 46830571\n")]
    [InlineData("is an HTML page", "<!DOCTYPE html>\n<html><title>Sign in</title></html>")]
    [InlineData("is JSON", "{\"error\":\"Repository not found\"}")]
    public void What_came_in_place_of_a_model_is_recognised_too(string wanted, string content)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Path("model");
        File.WriteAllText(path, content);
        Assert.StartsWith($"{path}: {wanted}", Assert.Throws<ModelFormatException>(() => FoveaFile.Read(path)).Message, StringComparison.Ordinal);
        Assert.StartsWith($"{path}: {wanted}", Assert.Throws<ModelFormatException>(() => OnnxFile.Read(path)).Message, StringComparison.Ordinal);
        Assert.StartsWith($"{path}: {wanted}", Assert.Throws<ModelFormatException>(() => SafetensorsFile.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pipe_in_place_of_an_onnx_model_is_not_waited_for()
    {
        using var folder = new TemporaryFolder();
        using (var made = Process.Start("mkfifo", [folder.Path("m.onnx")])) made.WaitForExit();
        var message = Assert.Throws<ModelFormatException>(() => OnnxFile.Read(folder.Path("m.onnx"))).Message;
        Assert.EndsWith("is a pipe, a socket or a device; wanted a file", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("safetensors", "reference.safetensors", "w.pth")]
    [InlineData("pytorch", "zip.pth", "w.safetensors")]
    [InlineData("pytorch", "legacy.th", "w.safetensors")]
    public void Weights_under_the_suffix_of_another_format_are_read(string folder, string name, string called)
    {
        using var temporary = new TemporaryFolder();
        File.Copy(Fixtures.Path(folder, name), temporary.Path(called));
        Fixtures.AssertHolds(WeightFile.Read(temporary.Path(called)).Tensors, folder, name, ordered: folder == "pytorch");
    }

    [Fact]
    public void Safetensors_that_were_cut_off_in_the_header_are_recognised_as_such()
    {
        var bytes = Fixtures.Bytes("safetensors", "reference.safetensors")[..40];
        var message = Assert.Throws<ModelFormatException>(() => WeightFile.Read(new MemoryStream(bytes), "w.bin")).Message;
        Assert.Contains("header: lies at byte 8", message, StringComparison.Ordinal);
        Assert.Contains("it may be truncated", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Zip_bytes_in_text_are_not_taken_for_a_page() =>
        Assert.Contains(
            "begins like a zip file",
            Assert.Throws<ModelFormatException>(() => WeightFile.Read(new MemoryStream([.. Encoding.ASCII.GetBytes("PK\u0003\u0004<html>")]), "w")).Message,
            StringComparison.Ordinal);
}
