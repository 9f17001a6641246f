using Fovea.Formats.Weights;
using Fovea.Models;
using Fovea.Models.Building;
using Fovea.Sources;
using Fovea.Tensors;

namespace Fovea.Cli.Tests;

/// <summary>Files of weights under the names that other systems give them.</summary>
public sealed class OtherNamesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string, string> Files() => new(
        from extension in new[] { ".safetensors", ".pth" }
        from entry in new[]
        {
            ("repvgg_n1", "official"),
            ("repvgg_n1", "PaddleClas"),
            ("repvgg_n1", "MindCV"),
            ("mobileone_s0", "official"),
            ("regnetx_002", "torchvision"),
            ("repvit_m0_9", "official"),
        }
        select (entry.Item1, entry.Item2, extension));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Files))]
    public void Weights_under_other_names_load_as_they_are(string model, string whose, string extension)
    {
        var row = ModelCatalog.Find(model);
        var map = row.OtherNames.Single(map => map.Name == whose);
        var graph = row.Build(new ModelOptions { Classes = 5, ImageSize = 32 });
        var ours = ForeignWeights.Drawn(graph);
        var path = _folder.Path("weights" + extension);
        WeightFile.Write(path, [.. map.FromCatalogue([.. ours.Keys]).Select(pair => (pair.Theirs, ForeignWeights.Kept(map, ours[pair.Ours])))]);
        var match = WeightLoading.Match(row, graph, WeightLoading.Read(path, ""), path);
        Assert.Equal(ours.Keys.Order(StringComparer.Ordinal), match.Taken.Select(entry => entry.Name).Order(StringComparer.Ordinal));
        foreach (var (name, tensor) in match.Taken) Assert.True(tensor.Bytes.SequenceEqual(ours[name].Bytes), name);
    }

    [Fact]
    public void Fully_connected_layers_become_kernels_and_what_the_model_computes_is_left_out()
    {
        var map = new NameMap("theirs", ("fc", "conv")) { Flattened = ["conv.weight"], Computed = ["mask"] };
        var row = new ModelRow("tiny", "tiny", (s, x, options) => x.Conv(s["conv"], 4, kernel: 2, padding: 0).Classifier(s["head"], options))
        {
            Paper = "", Licence = "", Classes = 3, ImageSize = 2, OtherNames = [map],
        };
        var graph = row.Build();
        var ours = ForeignWeights.Drawn(graph);
        var matrix = new HostTensor(TensorType.F32(4, 12), ours["conv.weight"].Bytes.ToArray());
        var mask = new HostTensor(TensorType.F32(2, 2));
        (string, HostTensor)[] given = [("fc.weight", matrix), ("a.mask", mask), ("head.weight", ours["head.weight"]), ("head.bias", ours["head.bias"])];
        var taken = WeightLoading.Match(row, graph, given, "file").Taken.ToDictionary(entry => entry.Name, entry => entry.Tensor);
        Assert.Equal(new Shape(4, 3, 2, 2), taken["conv.weight"].Type.Shape);
        Assert.True(taken["conv.weight"].Bytes.SequenceEqual(matrix.Bytes));
        var wrong = Assert.Throws<ModelSourceException>(
            () => WeightLoading.Match(row, graph, [("fc.weight", new HostTensor(TensorType.F32(4, 16))), .. given[1..]], "file"));
        Assert.Contains("conv.weight is f32[4, 16], the model wants f32[4, 3, 2, 2]", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Model_of_the_catalogue_is_validated_deployed_and_trained_on_from_weights_of_its_authors()
    {
        var data = TinyData.Make(_folder);
        var row = ModelCatalog.Find("repvgg_n1");
        var ours = ForeignWeights.Drawn(row.Build(new ModelOptions { Classes = 3, ImageSize = 32 }));
        var (path, file) = (_folder.Path("weights.pth"), _folder.Path("m.fovea"));
        WeightFile.Write(path, [.. row.OtherNames[0].FromCatalogue([.. ours.Keys]).Select(pair => (pair.Theirs, ours[pair.Ours]))]);
        string[] model = ["--model", "repvgg_n1", "--weights", path, "--data", data];
        Assert.Equal(0, Shell.Run(["validate", .. model, "--image-size", "32"]).Code);
        var deployed = Shell.Run(["deploy", .. model, "--image-size", "32", "-o", file, "--images", "6", "--json"]);
        Assert.True(deployed.Json.GetProperty("passed").GetBoolean(), deployed.Error);
        Assert.Equal(0, Shell.Run("validate", "--model", file, "--data", data).Code);
        string[] flags = ["--set", "data.image_size=32", "--set", "train.epochs=1", "--set", "train.batch_size=6", "--set", "data.workers=1"];
        Assert.Equal(0, Shell.Run(["train", .. model, "--out", _folder.Path("run"), .. flags]).Code);
        Assert.Contains(path, File.ReadAllText(_folder.Path("run", "recipe.yaml")), StringComparison.Ordinal);
    }

    [Fact]
    public void Deploy_without_a_run_wants_model_weights_and_data()
    {
        var (file, weights) = (_folder.Path("m.fovea"), _folder.Path("w.pth"));
        Shell.Fails(
            2, "which model? wanted RUN, the folder of a training run, or --model NAME with --weights FILE or --pretrained, and --data DIR",
            "deploy", "-o", file);
        Shell.Fails(2, "--model does not go with a run: it says what it is of", "deploy", "run", "-o", file, "--model", "resnet20");
        Shell.Fails(
            2, "--checkpoint does not go with --model: it says which of a run's checkpoints", "deploy", "-o", file, "--model", "resnet20", "--weights", weights,
            "--checkpoint", "best");
    }
}
