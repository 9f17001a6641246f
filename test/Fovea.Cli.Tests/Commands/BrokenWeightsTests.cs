using System.Globalization;
using Fovea.Formats.Checksums;
using Fovea.Formats.Safetensors;
using Fovea.Formats.Weights;
using Fovea.Graphs;
using Fovea.Models;
using Fovea.Models.Building;
using Fovea.Tensors;

namespace Fovea.Cli.Tests.Commands;

/// <summary>Weights that are not finite, or whose logits are not: no command prints them as an answer.</summary>
public sealed class BrokenWeightsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _data;

    public BrokenWeightsTests() => _data = TinyData.Make(_folder, train: 1, validation: 1);

    public void Dispose() => _folder.Dispose();

    private string Image => Path.Combine(_data, "val", "red", "000.png");

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "Infinity")]
    [InlineData(float.NegativeInfinity, "-Infinity")]
    public void A_weight_that_is_not_finite_is_named_by_every_command(float number, string name)
    {
        var weights = Resnet20(tensor => tensor[5] = number);
        var problem = $"{weights}: linear.weight: holds {name} at element 5 of f32[3, 64]; wanted finite numbers";
        string[] model = ["--model", "resnet20", "--weights", weights];
        Shell.Fails(1, problem, ["predict", Image, .. model]);
        Shell.Fails(1, problem, ["validate", "--data", _data, .. model]);
        Shell.Fails(1, problem, ["deploy", "--data", _data, "-o", _folder.Path("m.fovea"), .. model]);
        Assert.False(File.Exists(_folder.Path("m.fovea")));
        var train = Shell.Run(["train", "--data", _data, "--out", _folder.Path("run"), .. model]);
        Assert.Equal((1, $"error: {problem}\n"), (train.Code, train.Error));
        Assert.False(Directory.Exists(_folder.Path("run")));
    }

    [Fact]
    public void Finite_weights_whose_logits_overflow_give_no_answer()
    {
        var weights = Resnet20(tensor => tensor.Fill(3e38f));
        string[] model = ["--model", "resnet20", "--weights", weights];
        var predict = Shell.Run(["predict", Image, .. model]);
        Assert.Equal((1, ""), (predict.Code, predict.Out));
        Assert.Matches("^error: .*: resnet20 gives the class 'class \\d' the logit (NaN|-?Infinity); wanted a finite number\n$", predict.Error);
        var validate = Shell.Run(["validate", "--data", _data, .. model]);
        Assert.Equal(1, validate.Code);
        Assert.Contains("image 0 of the evaluation: its logits are [", validate.Error, StringComparison.Ordinal);
        var deploy = Shell.Run(["deploy", "--data", _data, "-o", _folder.Path("m.fovea"), .. model]);
        Assert.Equal(1, deploy.Code);
        Assert.Contains(": logits[0, ", deploy.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.Path("m.fovea")));
    }

    [Fact]
    public void A_shipped_model_whose_weights_are_not_finite_is_refused_by_all_who_load_it()
    {
        var file = _folder.Path("m.fovea");
        Assert.Equal(0, Shell.Run("deploy", "--model", "resnet20", "--weights", Resnet20(_ => { }), "--data", _data, "-o", file).Code);
        var name = Break(file);
        var problem = $"{file}: {name}: holds NaN at element 0 of ";
        string[][] commands =
        [
            ["predict", Image, "--model", file], ["validate", "--data", _data, "--model", file], ["export", file, "-o", _folder.Path("m.onnx")],
            ["bench", "infer", file],
        ];
        foreach (var args in commands)
        {
            var shell = Shell.Run(args);
            Assert.Equal((1, ""), (shell.Code, shell.Out));
            Assert.StartsWith($"error: {problem}", shell.Error, StringComparison.Ordinal);
        }

        Assert.False(File.Exists(_folder.Path("m.onnx")));
    }

    /// <summary>The weights that a new model starts from, with those of its last layer changed.</summary>
    private string Resnet20(Action<Span<float>> change)
    {
        var graph = ModelCatalog.Build("resnet20", new ModelOptions { Classes = 3 }, 1);
        var weights = graph.Variables.Select(value => value.Variable!).Where(variable => variable.Kind is VariableKind.Parameter or VariableKind.State)
            .Select(variable => (variable.Label, Tensor: variable.Initial.Make(variable.Type.Shape, variable.Label, 0))).ToArray();
        change(weights.Single(entry => entry.Label == "linear.weight").Tensor.Floats);
        var path = _folder.Path(string.Create(CultureInfo.InvariantCulture, $"w{Guid.NewGuid()}.safetensors"));
        WeightFile.Write(path, weights);
        return path;
    }

    /// <summary>Makes one number of a shipped model NaN, with a checksum as if it had been written so.</summary>
    private static string Break(string path)
    {
        (string Name, HostTensor Tensor)[] tensors;
        SortedDictionary<string, string> metadata;
        using (var file = SafetensorsFile.Open(path))
        {
            tensors = [.. file.Entries.Select(entry => (entry.Name, file.Read(entry.Name)))];
            metadata = new(file.Metadata.ToDictionary(), StringComparer.Ordinal);
        }

        tensors[0].Tensor.Floats[0] = float.NaN;
        metadata.Remove("fovea.sha256");
        metadata["fovea.sha256"] = ContentSum.Of(metadata, tensors);
        using var stream = File.Create(path);
        SafetensorsFile.Write(stream, tensors, metadata);
        return tensors[0].Name;
    }
}
