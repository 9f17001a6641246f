using Fovea.Formats.Artefact;
using Fovea.Formats.Onnx;
using Fovea.Formats.Weights;
using Fovea.Graphs;
using Fovea.Images;
using Fovea.Models;
using Fovea.Models.Building;
using Fovea.Sources;
using Fovea.Training.Recipes;

namespace Fovea.Cli.Tests;

/// <summary>How images become the input: from the model's row, then the recipe, then the flags, in every command.</summary>
public sealed class PreprocessingFlagsTests : IDisposable
{
    private static readonly string[] s_all =
        ["--image-size", "32", "--crop-fraction", "0.8", "--interpolation", "lanczos", "--mean", "0.5,0.4,0.3", "--std", "0.2", "0.3", "0.4"];

    private static readonly Preprocessing s_given = new()
    {
        Height = 32, Width = 32, CropFraction = 0.8, Interpolation = Interpolation.Lanczos, Mean = [0.5, 0.4, 0.3], Std = [0.2, 0.3, 0.4],
    };

    private static readonly string[] s_short =
        ["-c", TinyData.Plain, "--set", "data.workers=1", "--set", "train.batch_size=6", "--set", "train.epochs=1"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("mobilenetv2_035", Interpolation.Bicubic)]
    [InlineData("shufflenet_v2_x0_5", Interpolation.Bilinear)]
    public void Weights_are_evaluated_with_the_interpolation_that_they_were_published_with(string name, Interpolation interpolation)
    {
        string[] model = ["--model", name, "--weights", WeightsOf(name, size: 64), "--data", TinyData.Make(_folder)];
        var own = Used(["validate", .. model, "--image-size", "64"]);
        Assert.Equal(ModelCatalog.Find(name).Preprocessing with { Height = 64, Width = 64 }, own);
        Assert.Equal(interpolation, own.Interpolation);
        Assert.Equal(s_given, Used(["validate", .. model, .. s_all]));
    }

    [Fact]
    public void Flags_have_the_last_word_in_training_evaluation_and_deployment()
    {
        var (data, run, file) = (TinyData.Make(_folder), _folder.Path("run"), _folder.Path("m.fovea"));
        Assert.Equal(
            0,
            Shell.Run(["train", "--data", data, "--out", run, .. TinyData.Flags, "--set", "train.epochs=1", "--set", "data.interpolation=box", .. s_all]).Code);
        Assert.Equal(s_given, PreprocessingJson.Read(Weights.Latest(run).Facts.Preprocessing));
        Assert.Equal(s_given, Used(["validate", "--run", run, "--data", data]));
        Assert.Equal(s_given with { Interpolation = Interpolation.Nearest }, Used(["validate", "--run", run, "--data", data, "--interpolation", "nearest"]));
        Assert.Equal(s_given with { Height = 48, Width = 48 }, Used(["validate", "--run", run, "--data", data, "--image-size", "48"]));
        Assert.Equal(0, Shell.Run("deploy", run, "-o", file, "--images", "6", "--crop-fraction", "1").Code);
        Assert.Equal(s_given with { CropFraction = 1 }, FoveaFile.Read(file).Card.Input);
        Assert.Equal(s_given with { CropFraction = 1, Mean = [0, 0, 0] }, Used(["validate", "--model", file, "--data", data, "--mean", "0,0,0"]));
        Assert.Equal(0, Shell.Run("predict", "--model", file, Path.Combine(data, "val", "red"), "--interpolation", "bicubic").Code);
        Assert.Equal(
            s_given with { Height = 48, Width = 48, CropFraction = 1 }, Used(["validate", "--model", file, "--data", data, "--image-size", "48"]));
    }

    [Fact]
    public void Grey_model_is_trained_evaluated_deployed_and_exported()
    {
        var (data, run, file, onnx) = (TinyData.Make(_folder), _folder.Path("run"), _folder.Path("m.fovea"), _folder.Path("m.onnx"));
        var trained = Shell.Run(["train", "--data", data, "--out", run, "--model", "mnist_lenet", .. s_short]);
        Assert.Equal((0, ""), (trained.Code, trained.Error));
        var grey = ModelCatalog.Find("mnist_lenet").Preprocessing;
        Assert.Equal(1, grey.Channels);
        Assert.Equal(grey, Used(["validate", "--run", run, "--data", data]));
        Assert.Equal(grey with { Std = [0.5] }, Used(["validate", "--run", run, "--data", data, "--std", "0.5"]));
        Assert.Equal(0, Shell.Run("deploy", run, "-o", file, "--images", "6").Code);
        Assert.Equal(0, Shell.Run("export", file, "-o", onnx).Code);
        Assert.Equal(grey, FoveaFile.Read(file).Card.Input);
        Assert.Equal(grey, OnnxFile.Read(onnx).Card!.Input);
        Assert.Equal(0, Shell.Run("predict", "--model", file, Path.Combine(data, "val", "red")).Code);
        Shell.Fails(
            2, "mnist_lenet: mean is [0.1, 0.2, 0.3]; wanted one number, because its images are grey", "validate", "--run", run, "--data", data, "--mean",
            "0.1,0.2,0.3");
    }

    [Theory]
    [InlineData("--mean", "125.3,123,113.9", "--mean is [125.3, 123, 113.9]; wanted fractions of white, 0 to 1; of values 0 to 255, [0.4914, 0.4824, 0.4467]")]
    [InlineData("--mean", "1e39,0,0", "--mean is [1E+39, 0, 0]; wanted fractions of white, 0 to 1")]
    [InlineData("--mean", "0.5,0.5", "--mean is [0.5, 0.5]; wanted one number, for grey, or three, for red, green and blue")]
    [InlineData("--mean", "half", "--mean is 'half'; wanted three numbers, as in --mean 0.485,0.456,0.406, or one for grey")]
    [InlineData("--std", "0,1,1", "--std is [0, 1, 1]; wanted fractions of white, 0.001 to 2")]
    [InlineData("--std", "1e-320,1,1", "--std is [1E-320, 1, 1]; wanted fractions of white, 0.001 to 2")]
    [InlineData("--std", "nan,1,1", "--std is 'nan,1,1'; wanted three numbers, as in --std 0.485,0.456,0.406, or one for grey")]
    [InlineData(
        "--std", "58.395,57.12,57.375", "--std is [58.395, 57.12, 57.375]; wanted fractions of white, 0.001 to 2; of values 0 to 255, [0.229, 0.224, 0.225]")]
    [InlineData("--crop-fraction", "1e-6", "--crop-fraction is 1E-06; wanted 0.125 to 1, the side of the crop as a share of the shorter side")]
    [InlineData("--image-size", "100000", "--image-size is 100000; wanted 1 to 8192 pixels")]
    [InlineData("--image-size", "0", "--image-size is 0; wanted 1 to 8192 pixels")]
    public void Values_out_of_range_are_refused_alike_everywhere(string flag, string value, string message)
    {
        TinyData.Add(_folder.Path("images"), 1, "red");
        string[] model = ["--model", "resnet20", "--weights", "w.pth", flag, value];
        Shell.Fails(2, message, ["validate", .. model, "--data", _folder.Path("")]);
        Shell.Fails(2, message, ["predict", _folder.Path("images"), .. model]);
        Shell.Fails(2, message, ["deploy", .. model, "-o", _folder.Path("m.fovea")]);
        Shell.Fails(2, message, ["train", .. model, "--data", _folder.Path(""), "--out", _folder.Path("run")]);
    }

    [Theory]
    [InlineData("data.crop_fraction=1e-6", "data.crop_fraction is 1E-06; wanted 0.125 to 1")]
    [InlineData("data.image_size=100000", "data.image_size is 100000; wanted 1 to 8192 pixels")]
    [InlineData("data.mean=[1e39,0,0]", "data.mean is [1E+39, 0, 0]; wanted fractions of white, 0 to 1")]
    [InlineData("data.std=[1e-320,1,1]", "data.std is [1E-320, 1, 1]; wanted fractions of white, 0.001 to 2")]
    [InlineData("data.mean=[123.675,116.28,103.53]", "of values 0 to 255, [0.485, 0.456, 0.406]")]
    [InlineData("data.std=[63,62.1,66.7]", "of values 0 to 255, [0.2471, 0.2435, 0.2616]")]
    [InlineData(
        "data.interpolation=cubic", "data.interpolation is 'cubic'; wanted bilinear or bicubic or box or lanczos or nearest or aligned, or null; did you mean 'bicubic'?")]
    public void Recipes_with_values_out_of_range_are_refused(string setting, string message)
    {
        var shell = Shell.Run("train", "--model", "resnet20", "--data", _folder.Path(""), "--out", _folder.Path("run"), "--set", setting);
        Assert.Equal(2, shell.Code);
        Assert.Contains(message, shell.Error, StringComparison.Ordinal);
    }

    private static TrainRecipe Reopened(TrainRecipe recipe) => recipe.ResolvedFor(recipe.OpenModel());

    [Fact]
    public void Recipe_of_a_run_says_all_of_it_so_that_a_later_table_changes_nothing()
    {
        var (data, run) = (TinyData.Make(_folder), _folder.Path("run"));
        Assert.Equal(0, Shell.Run(["train", "--data", data, "--out", run, "--model", "mobilenetv2_035", "--image-size", "32", .. s_short]).Code);
        var recipe = File.ReadAllText(_folder.Path("run", "recipe.yaml"));
        Assert.Contains(
            "  fit: crop\n  crop_fraction: 0.875\n  interpolation: bicubic\n  mean: [0.485, 0.456, 0.406]\n  std: [0.229, 0.224, 0.225]\n", recipe,
            StringComparison.Ordinal);
        var earlier = recipe.Replace("interpolation: bicubic", "interpolation: bilinear", StringComparison.Ordinal);
        Assert.Equal(
            Interpolation.Bilinear,
            Reopened(Fovea.Recipes.RecipeReader.Parse(earlier, "earlier.yaml")).Preprocessing.Interpolation);
    }

    [Fact]
    public void Sizes_that_no_image_has_are_refused_where_graphs_are_counted_and_explained()
    {
        Shell.Fails(2, "resnet20: image_size is 100000; wanted 1 to 8192", "cost", "resnet20", "--image-size", "100000");
        Shell.Fails(2, "resnet20: image_size is 100000; wanted 1 to 8192", "explain", "resnet20", "--image-size", "100000");
    }

    /// <summary>The preprocessing that a validation says it used.</summary>
    private static Preprocessing Used(string[] arguments)
    {
        var shell = Shell.Run([.. arguments, "--json"]);
        Assert.True(shell.Code == 0, shell.Error);
        return PreprocessingJson.Read(shell.Json.GetProperty("preprocessing").GetRawText());
    }

    private string WeightsOf(string name, int size)
    {
        var graph = ModelCatalog.Build(name, new ModelOptions { Classes = TinyData.Classes.Length, ImageSize = size });
        var weights = graph.Variables.Select(value => value.Variable!).Where(variable => variable.Kind is VariableKind.Parameter or VariableKind.State)
            .Select(variable => (variable.Label, variable.Initial.Make(variable.Type.Shape, variable.Label, seed: 3)));
        var path = _folder.Path($"{name}.safetensors");
        WeightFile.Write(path, [.. weights]);
        return path;
    }
}
