using Fovea.Formats.Weights;
using Fovea.Graphs;
using Fovea.Models;
using Fovea.Models.Building;
using Fovea.Sources;
using Fovea.Tensors;

namespace Fovea.Cli.Tests;

/// <summary>What is said of weights that do not fit, each reason by itself, and how a part of a file is chosen.</summary>
public sealed class WeightReportTests : IDisposable
{
    private static readonly ModelRow s_row = ModelCatalog.Find("resnet20");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_extra_tensor_is_named_and_the_classes_are_still_found()
    {
        (string, HostTensor)[] given = [.. Weights(classes: 7), ("extra.weight", new HostTensor(TensorType.F32(4)))];
        var usual = Graph(10);
        Assert.Equal((7, 10), WeightLoading.ClassesOf(WeightLoading.Fit(s_row, usual, given).Match, usual));
        Assert.Equal(
            "w.pth: these are not the weights of resnet20: unexpected: extra.weight. "
                + "All that the model has is there: wanted the file without the rest, or --key for the part that is meant",
            Refused(given, classes: 7));
    }

    [Fact]
    public void Each_reason_is_listed_by_itself()
    {
        var given = Weights(classes: 7).Where(entry => entry.Name != "bn1.bias")
            .Append(("extra.weight", new HostTensor(TensorType.F32(4))))
            .Select(entry => entry.Item1 == "conv1.weight" ? ("conv1.weight", new HostTensor(TensorType.F32(16, 3, 5, 5))) : entry).ToArray();
        Assert.Equal(
            "w.pth: these are not the weights of resnet20: of another shape: conv1.weight is f32[16, 3, 5, 5], the model wants f32[16, 3, 3, 3], "
                + "linear.weight is f32[7, 64], the model wants f32[10, 64], linear.bias is f32[7], the model wants f32[10]; "
                + "missing: bn1.bias; unexpected: extra.weight. The classifier alone is for 7 classes, not 10: --classes 7 would do for it",
            Refused(given, classes: 10));
    }

    [Theory]
    [InlineData(null, "Wanted --classes 7, or other weights")]
    [InlineData(false, "Wanted data of 7 classes, --set model.skip_classifier=true to train a new last layer, or other weights")]
    public void Other_classes_alone_are_told_with_what_helps(bool? training, string wanted) => Assert.Equal(
        $"w.pth: these weights are for 7 classes; resnet20 was asked for with 10. {wanted}",
        Assert.Throws<ModelSourceException>(() => WeightLoading.Match(s_row, Graph(10), Weights(classes: 7), "w.pth", training)).Message);

    [Fact]
    public void A_wider_layer_that_happens_to_be_last_is_no_matter_of_classes()
    {
        var given = Weights(classes: 10).Select(entry => entry.Name == "linear.weight" ? (entry.Name, new HostTensor(TensorType.F32(7, 65))) : entry).ToArray();
        var message = Refused(given, classes: 10);
        Assert.DoesNotContain("classes", message, StringComparison.Ordinal);
        Assert.Contains("of another shape: linear.weight is f32[7, 65], the model wants f32[10, 64]", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_below_a_part_of_the_file_give_the_key_that_takes_them()
    {
        (string, HostTensor)[] given =
        [
            .. Weights(classes: 10).Select(entry => ($"student.net.{entry.Name}", entry.Tensor)), ("loss.weight", new HostTensor(TensorType.F32(4))),
        ];
        Assert.EndsWith("Wanted --key student.net, which takes the tensors whose names begin so", Refused(given, classes: 10), StringComparison.Ordinal);
        WeightFile.Write(_folder.Path("w.pth"), given);
        Assert.True(WeightLoading.Match(s_row, Graph(10), Read("w.pth", "student.net"), "w.pth").IsComplete);
    }

    [Fact]
    public void Weights_of_another_model_are_called_so()
    {
        (string, HostTensor)[] given = [("features.0.weight", new HostTensor(TensorType.F32(4)))];
        Assert.Contains("Little of the file is resnet20's: wanted other weights", Refused(given, classes: 10), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("w.pth")]
    [InlineData("w.safetensors")]
    public void Weights_in_bf16_load_and_say_so(string name)
    {
        WeightFile.Write(_folder.Path(name), [.. Weights(classes: 10).Select(entry => (entry.Name, new HostTensor(new(DType.BFloat16, entry.Tensor.Shape))))]);
        using var text = new StringWriter();
        var given = WeightLoading.Read(_folder.Path(name), "", text.WriteLine);
        var match = WeightLoading.Match(s_row, Graph(10), given, name);
        Assert.All(match.Taken, entry => Assert.Equal(DType.Float32, entry.Tensor.Type.DType));
        Assert.Contains("tensors are bf16; they become f32", text.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("w.safetensors", "w.pth")]
    [InlineData("w.pth", "w.safetensors")]
    public void Weights_under_the_suffix_of_another_format_load(string written, string called)
    {
        WeightFile.Write(_folder.Path(written), Weights(classes: 10));
        File.Move(_folder.Path(written), _folder.Path(called));
        Assert.True(WeightLoading.Match(s_row, Graph(10), Read(called, ""), called).IsComplete);
    }

    [Fact]
    public void A_key_reaches_validation_and_training()
    {
        var data = TinyData.Make(_folder);
        var weights = Weights(classes: 3).Select(entry => ($"ema.{entry.Name}", entry.Tensor)).Append(("other", new HostTensor(TensorType.F32(1)))).ToArray();
        WeightFile.Write(_folder.Path("w.pth"), weights);
        string[] model = ["--model", "resnet20", "--weights", _folder.Path("w.pth"), "--data", data];
        Assert.Equal(2, Shell.Run(["validate", .. model]).Code);
        Assert.Equal(0, Shell.Run(["validate", .. model, "--key", "ema"]).Code);
        string[] flags = ["--set", "train.epochs=1", "--set", "train.batch_size=6", "--set", "data.workers=1"];
        Assert.Equal(0, Shell.Run(["train", .. model, "--key", "ema", "--out", _folder.Path("run"), .. flags]).Code);
        Assert.Contains("weights_key: ema", File.ReadAllText(_folder.Path("run", "recipe.yaml")), StringComparison.Ordinal);
        Shell.Fails(2, "--key does not go with --run: the run says what it is of", "validate", "--run", _folder.Path("run"), "--key", "ema", "--data", data);
    }

    private static Graph Graph(int classes) => s_row.Build(new ModelOptions { Classes = classes });

    private static (string Name, HostTensor Tensor)[] Weights(int classes) =>
        [.. Training.Weights.WeightMatch.Kept(Graph(classes)).Select(variable => (variable.Label, HostTensor.Filled(variable.Type.Shape, 0.5f)))];

    private static string Refused((string, HostTensor)[] given, int classes) =>
        Assert.Throws<ModelSourceException>(() => WeightLoading.Match(s_row, Graph(classes), given, "w.pth")).Message;

    private IReadOnlyList<(string Name, HostTensor Tensor)> Read(string name, string key) => WeightLoading.Read(_folder.Path(name), key);
}
