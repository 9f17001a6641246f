using Fovea.Formats.Weights;
using Fovea.Tensors;

namespace Fovea.Cli.Tests.Commands;

/// <summary>Commands that are given files of another kind, folders for files, or places that cannot be written: one line, and nothing done.</summary>
public sealed class WrongFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _weights;

    public WrongFilesTests()
    {
        _weights = _folder.Path("w.safetensors");
        WeightFile.Write(_weights, [("fc.weight", HostTensor.Filled(new Shape(3), 1))]);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("m.onnx", "ends in '.onnx'; wanted a file that ends in .fovea, of which 'fovea export' makes ONNX")]
    [InlineData("m.safetensors", "ends in '.safetensors'; wanted a file that ends in .fovea")]
    [InlineData("m", "ends in ''; wanted a file that ends in .fovea")]
    [InlineData(".fovea", "ends in '.fovea'; wanted a file that ends in .fovea")]
    public void Deploy_writes_files_of_its_own_kind_only(string name, string problem)
    {
        var file = _folder.Path(name);
        File.WriteAllText(file, "precious");
        Shell.Fails(2, $"{file}: {problem}", "deploy", "run", "-o", file);
        Assert.Equal("precious", File.ReadAllText(file));
    }

    [Fact]
    public void Deploy_and_export_write_over_files_of_their_own_kind_only()
    {
        var (fovea, onnx) = (_folder.Path("m.fovea"), _folder.Path("m.onnx"));
        foreach (var file in (string[])[fovea, onnx]) File.WriteAllText(file, "precious");
        Shell.Fails(
            2, $"{fovea}: stands there already and is not a model that 'fovea deploy' writes; remove it, or choose another name", "deploy", "run", "-o", fovea);
        File.Copy(_weights, fovea, overwrite: true);
        Shell.Fails(
            2, $"{fovea}: stands there already and is not a model that 'fovea deploy' writes; remove it, or choose another name", "deploy", "run", "-o", fovea);
        Shell.Fails(
            2, $"{onnx}: stands there already and is not an ONNX model, which 'fovea export' writes; remove it, or choose another name", "export", fovea, "-o",
            onnx);
        Assert.Equal("precious", File.ReadAllText(onnx));
    }

    [Theory]
    [InlineData("cost")]
    [InlineData("explain")]
    [InlineData("bench train")]
    [InlineData("bench infer")]
    public void A_path_that_is_no_model_is_called_what_it_is(string command)
    {
        Shell.Fails(2, $"{_weights}: is a file that is no model; {Wanted}", [.. command.Split(' '), _weights]);
        Shell.Fails(
            2, $"{_folder.Root}: holds no checkpoint; wanted the folder of a run, as 'fovea train --out' makes it", [.. command.Split(' '), _folder.Root]);
        Shell.Fails(2, $"{_folder.Path("none")}: there is no such file or folder; {Wanted}", [.. command.Split(' '), _folder.Path("none")]);
    }

    private const string Wanted = "wanted a model that 'fovea deploy' wrote (.fovea), an ONNX model (.onnx), a network of Darknet (.cfg), "
        + "a model of the catalogue ('fovea models' lists them) or the folder of a run";

    [Fact]
    public void A_model_in_a_file_of_another_kind_is_not_said_to_lack_weights() => Shell.Fails(
        2, $"{_weights}: is a file that is no model; {Wanted}",
        "validate", "--data", _folder.Root, "--model", _weights);

    [Fact]
    public void A_folder_or_a_missing_folder_is_told_before_the_work_begins()
    {
        Directory.CreateDirectory(_folder.Path("d.fovea"));
        Shell.Fails(2, $"{_folder.Path("d.fovea")}: is a folder; wanted the path of a file", "deploy", "run", "-o", _folder.Path("d.fovea"));
        Shell.Fails(
            2, $"{_folder.Path("none", "m.fovea")}: the folder {_folder.Path("none")} does not exist", "deploy", "run", "-o", _folder.Path("none", "m.fovea"));
        Shell.Fails(2, $"{_folder.Root}: is a folder; wanted a model that 'fovea deploy' writes", "export", _folder.Root, "-o", _folder.Path("m.onnx"));
    }

    [Theory]
    [InlineData("w.safetensors", "ends in '.safetensors'; wanted a recipe, a file that ends in .yaml or .yml")]
    [InlineData("m.onnx", "ends in '.onnx'; wanted a recipe, a file that ends in .yaml or .yml")]
    public void A_recipe_is_a_file_of_yaml(string name, string problem)
    {
        File.WriteAllText(_folder.Path(name == "w.safetensors" ? "other" : name), "");
        Shell.Fails(2, $"{_folder.Path(name)}: {problem}", "train", "-c", _folder.Path(name), "--data", _folder.Root, "--out", _folder.Path("run"));
        Shell.Fails(2, $"{_folder.Path(name)}: {problem}", "recipe", "show", _folder.Path(name));
    }

    [Fact]
    public void A_recipe_of_many_bytes_is_not_read()
    {
        using (var file = File.Create(_folder.Path("big.yaml"))) file.SetLength(3L << 30);
        Shell.Fails(
            2, $"{_folder.Path("big.yaml")}: is of the length 3221225472; a recipe, some lines of YAML, has at most 1048576 characters", "recipe", "show",
            _folder.Path("big.yaml"));
    }

    [Theory]
    [InlineData("m.onnx")]
    [InlineData("m.fovea")]
    [InlineData("recipe.yaml")]
    public void A_run_does_not_become_a_folder_that_is_called_like_a_file(string name)
    {
        var target = _folder.Path(name);
        Shell.Fails(
            2, $"{target}: ends in '{Path.GetExtension(name)}' as a file does; wanted a folder for the run", "train", "--model", "resnet20", "--data",
            _folder.Root, "--out", target);
        Assert.False(Directory.Exists(target));
    }

    [Fact]
    public void Weights_are_no_whole_models_and_no_folders()
    {
        const string wanted = "wanted weights (.safetensors, .pth, .pt, .th, .pdparams, .ckpt) or a checkpoint";
        File.WriteAllText(_folder.Path("m.onnx"), "");
        string[] validate = ["validate", "--data", _folder.Root, "--model", "resnet20", "--weights"];
        Shell.Fails(
            2, $"{_folder.Path("m.onnx")}: ends in '.onnx', a whole model, which --model takes (model.source); {wanted}",
            [.. validate, _folder.Path("m.onnx")]);
        Shell.Fails(2, $"{_folder.Root}: is a folder; {wanted}", [.. validate, _folder.Root]);
    }

    [Fact]
    public void A_model_is_no_other_file_and_a_run_no_file()
    {
        File.WriteAllText(_folder.Path("m.onnx"), "");
        Shell.Fails(
            2, "--weights does not go with an ONNX model (.onnx): it says what it is of",
            "validate", "--data", _folder.Root, "--model", _folder.Path("m.onnx"), "--weights", _weights);
        Shell.Fails(
            2, $"{_weights}: is a file; wanted the folder of a run, as 'fovea train --out' makes it", "validate", "--data", _folder.Root, "--run", _weights);
        var folder = Directory.CreateDirectory(_folder.Path("x.fovea")).FullName;
        Shell.Fails(2, $"{folder}: is a folder; wanted a model that 'fovea deploy' wrote (.fovea)", "bench", "infer", folder);
    }

    [Fact]
    public void Going_on_is_said_with_resume()
    {
        string[] train = ["train", "--model", "resnet20", "--data", _folder.Root, "--out", _folder.Path("run")];
        Shell.Fails(2, "--next-epoch goes with --resume only: it says how to go on with a run", [.. train, "--next-epoch"]);
        Shell.Fails(2, "--checkpoint goes with --resume only: it says how to go on with a run", [.. train, "--checkpoint", "best"]);
    }

}
