using Fovea.Formats.Weights;
using Fovea.Tensors;

namespace Fovea.Formats.Tests;

public sealed class WeightFileTests
{
    [Theory]
    [InlineData("pytorch", "zip.pth", "PyTorch (zip)")]
    [InlineData("pytorch", "legacy.th", "PyTorch (before 1.6)")]
    [InlineData("safetensors", "reference.safetensors", "safetensors")]
    public void Format_is_recognised_by_content_whatever_the_extension(string folder, string name, string format)
    {
        using var temporary = new TemporaryFolder();
        File.Copy(Fixtures.Path(folder, name), temporary.Path("weights.bin"));
        var weights = WeightFile.Read(temporary.Path("weights.bin"));
        Assert.Equal(format, weights.Format);
        Fixtures.AssertHolds(weights.Tensors, folder, name, ordered: folder == "pytorch");
    }

    [Theory]
    [InlineData("w.safetensors", "safetensors")]
    [InlineData("w.pth", "PyTorch (zip)")]
    [InlineData("w.PT", "PyTorch (zip)")]
    public void Extension_chooses_the_format_that_is_written(string name, string format)
    {
        using var folder = new TemporaryFolder();
        (string Name, HostTensor Tensor)[] tensors = [("b.weight", Fixtures.Ramp(2, 2)), ("a.bias", Fixtures.Ramp(2))];
        WeightFile.Write(folder.Path(name), tensors);
        var weights = WeightFile.Read(folder.Path(name));
        Assert.Equal(format, weights.Format);
        Assert.Equal(["b.weight", "a.bias"], weights.Tensors.Select(entry => entry.Name));
        Assert.Equal([-2.5f, -1.5f, -0.5f, 0.5f], weights.Tensors[0].Tensor.Floats.ToArray());
        Assert.Equal([name], folder.Names);
    }

    [Fact]
    public void Metadata_of_safetensors_comes_back()
    {
        using var folder = new TemporaryFolder();
        WeightFile.Write(folder.Path("w.safetensors"), [("a", Fixtures.Ramp(1))], new Dictionary<string, string> { ["model"] = "resnet20" });
        Assert.Equal("resnet20", WeightFile.Read(folder.Path("w.safetensors")).Metadata["model"]);
    }

    [Fact]
    public void Counters_and_prefixes_go_from_safetensors_too()
    {
        using var folder = new TemporaryFolder();
        WeightFile.Write(folder.Path("w.safetensors"), [("module.bn.weight", Fixtures.Ramp(1)), ("module.bn.num_batches_tracked", Fixtures.Ramp(1))]);
        var weights = WeightFile.Read(folder.Path("w.safetensors"));
        Assert.Equal(["bn.weight"], weights.Tensors.Select(entry => entry.Name));
        Assert.Equal(["left out 1 num_batches_tracked counters", "removed the prefix 'module.' from every name"], weights.Notes);
    }

    [Fact]
    public void Count_of_averaged_steps_goes_and_hides_no_prefix()
    {
        using var folder = new TemporaryFolder();
        WeightFile.Write(folder.Path("w.safetensors"), [("n_averaged", Fixtures.Ramp()), ("module.fc.weight", Fixtures.Ramp(1))]);
        var weights = WeightFile.Read(folder.Path("w.safetensors"));
        Assert.Equal(["fc.weight"], weights.Tensors.Select(entry => entry.Name));
        Assert.Equal(["left out 'n_averaged', which counts what was averaged", "removed the prefix 'module.' from every name"], weights.Notes);
    }

    [Fact]
    public void Prefix_that_not_every_name_has_stays()
    {
        using var folder = new TemporaryFolder();
        WeightFile.Write(folder.Path("w.safetensors"), [("module.a", Fixtures.Ramp(1)), ("b", Fixtures.Ramp(1))]);
        Assert.Equal(["module.a", "b"], WeightFile.Read(folder.Path("w.safetensors")).Tensors.Select(entry => entry.Name));
    }

    [Theory]
    [InlineData("w.safetensors", "header")]
    [InlineData("w.pth", "begins with 8199929394959697; wanted a zip file or a pickle that torch.save wrote")]
    [InlineData("w", "begins with 8199929394959697; wanted a file of safetensors, PyTorch, Paddle or MindSpore")]
    public void Content_that_no_format_recognises_is_measured_by_the_extension(string name, string wanted)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.Path(name), [0x81, 0x99, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x01]);
        Assert.Contains(wanted, Assert.Throws<ModelFormatException>(() => WeightFile.Read(folder.Path(name))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_and_missing_file_are_refused()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal($"{folder.Root}: is a folder; wanted a file", Assert.Throws<ModelFormatException>(() => WeightFile.Read(folder.Root)).Message);
        Assert.Throws<FileNotFoundException>(() => WeightFile.Read(folder.Path("absent.pth")));
    }

    [Fact]
    public void Devices_and_pipes_are_refused_and_never_opened()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "devices have paths on Unix alone");
        Assert.Equal(
            "/dev/zero: is a pipe, a socket or a device; wanted a file", Assert.Throws<ModelFormatException>(() => WeightFile.Read("/dev/zero")).Message);
    }

    [Fact]
    public void Unknown_extension_is_refused_before_anything_is_written()
    {
        using var folder = new TemporaryFolder();
        var failure = Assert.Throws<ArgumentException>(() => WeightFile.Write(folder.Path("w.onnx"), [("a", Fixtures.Ramp(1))]));
        Assert.Contains("wanted .safetensors, .pth, .pt, .th", failure.Message, StringComparison.Ordinal);
        Assert.Empty(folder.Names);
    }
}
