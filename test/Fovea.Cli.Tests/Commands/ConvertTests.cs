using Fovea.Formats.Artefact;
using Fovea.Formats.Weights;
using Fovea.Graphs;
using Fovea.Models;
using Fovea.Models.Building;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Sources;
using Fovea.Tensors;
using Fovea.Training.RepOpt;

namespace Fovea.Cli.Tests.Commands;

/// <summary><c>fovea convert</c>.</summary>
public sealed class ConvertTests : IDisposable
{
    private static readonly ModelOptions s_small = new() { Classes = 3, ImageSize = 32 };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("repvgg_n1", "official", "w.pth", "b.safetensors")]
    [InlineData("repvgg_n1", "PaddleClas", "w.pdparams", "b.pth")]
    [InlineData("repvgg_n1", "MindCV", "w.ckpt", "b.safetensors")]
    [InlineData("squeezenet1_1", "PaddleClas", "w.pdparams", "b.pth")]
    [InlineData("shufflenet_v2_x0_5", "PaddleClas", "w.pdparams", "b.safetensors")]
    [InlineData("mobilenetv3_small_100", "MindCV", "w.ckpt", "b.pth")]
    [InlineData("ghostnet_050", "MindCV", "w.ckpt", "b.th")]
    [InlineData("resnet20", "Paddle", "w.pdparams", "b.pth")]
    [Trait("row", "S0-05")]
    public void Weights_of_another_system_become_those_of_the_catalogue(string model, string whose, string from, string to)
    {
        var row = ModelCatalog.Find(model);
        var map = row.OtherNames.FirstOrDefault(map => map.Name == whose) ?? Framework.Paddle.Porting(new(""));
        var ours = ForeignWeights.Drawn(row.Build(Small(row)));
        var (source, target) = (_folder.Path(from), _folder.Path(to));
        ForeignWeights.Write(source, Flat(map, ForeignWeights.Spelt(map, ours), ours));
        var done = Shell.Run("convert", source, target, "--model", model, "--image-size", $"{Small(row).ImageSize ?? row.ImageSize}", "--json");
        Assert.Equal(0, done.Code);
        Assert.Equal((true, whose), (done.Json.GetProperty("passed").GetBoolean(), done.Json.GetProperty("names_of").GetString()));
        Assert.Equal(ours.Count, done.Json.GetProperty("keys").GetArrayLength());
        Assert.Equal(0, done.Json.GetProperty("parity").GetProperty("largest_difference").GetDouble());
        ForeignWeights.AssertHolds(target, ours);
    }

    [Theory]
    [InlineData("b.pth")]
    [InlineData("b.safetensors")]
    public void Names_that_all_begin_alike_are_written_and_read_back(string target)
    {
        var graph = new Graph("prefixed");
        var weight = graph.Parameter("model.conv.weight", new Shape(3, 3, 8, 8), new Initializer.Normal(0.1));
        var bias = graph.Parameter("model.conv.bias", new Shape(3), new Initializer.Normal(0.1));
        graph.Output("logits", graph.Input("input", TensorType.F32(1, 3, 8, 8)).Conv2d(weight, Window2d.Of()).Flatten().Plus(bias));
        var model = new FoveaModel
        {
            Card = new() { Model = "prefixed", Classes = ["a", "b", "c"], Input = new() { Height = 8, Width = 8 } },
            Graph = graph,
            Weights = new[] { weight, bias }.ToDictionary(
                value => value.Variable!.Label, value => value.Variable!.Initial.Make(value.Shape, value.Variable.Label, 1), StringComparer.Ordinal),
        };
        FoveaFile.Write(_folder.Path("m.fovea"), model);
        Assert.Equal(0, Shell.Run("convert", _folder.Path("m.fovea"), _folder.Path(target)).Code);
        Assert.Equal(["conv.weight", "conv.bias"], WeightFile.Read(_folder.Path(target)).Tensors.Select(entry => entry.Name));
    }

    [Fact]
    public void Models_that_cannot_be_converted_so_are_told_by_their_own_names()
    {
        var cfg = _folder.Path("n.cfg");
        File.WriteAllText(cfg, "[net]\nwidth=8\nheight=8\nchannels=3\n[conv]\nfilters=3\nsize=8\nactivation=linear\n[softmax]\n");
        Shell.Fails(
            2, $"{cfg}: has no weights; wanted a file of weights beside it, or that file in its place with --model {cfg}", "convert", cfg, _folder.Path("n.onnx"));
        var source = _folder.Path("w.pth");
        ForeignWeights.Write(source, [.. ForeignWeights.Drawn(ModelCatalog.Find("resnet20").Build(new() { Classes = 3 })).Select(entry => (entry.Key, entry.Value))]);
        var refused = Shell.Run("convert", source, _folder.Path("n.weights"), "--model", "resnet20");
        Assert.Equal(2, refused.Code);
        Assert.EndsWith(
            $"error: {_folder.Path("n.weights")}: resnet20 is no network of Darknet; wanted a .cfg as the source or as --model, or another format\n", refused.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Key_map_tells_names_shapes_and_what_was_turned()
    {
        var (row, source) = (ModelCatalog.Find("repvgg_n1"), _folder.Path("w.pdparams"));
        var map = row.OtherNames.Single(map => map.Name == "PaddleClas");
        ForeignWeights.Write(source, ForeignWeights.Spelt(map, ForeignWeights.Drawn(row.Build(s_small))));
        var done = Shell.Run("convert", source, _folder.Path("b.pth"), "--model", "repvgg_n1", "--image-size", "32");
        Assert.Matches(@"\nstage1\.0\.rbr_1x1\.bn\._mean +stages\.0\.0\.conv_1x1\.bn\.running_mean +f32\[16\] *\n", done.Out);
        Assert.Matches(@"\nlinear\.weight +head\.fc\.weight +f32\[128, 3\] +transposed\n", done.Out);
        Assert.Contains($"{source}: 290 tensors of repvgg_n1, in the names of PaddleClas\n", done.Out, StringComparison.Ordinal);
        Assert.Contains("read back and compared on 4 drawn images by ", done.Out, StringComparison.Ordinal);
        Assert.EndsWith($"wrote {_folder.Path("b.pth")}\n", done.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("official")]
    [InlineData("PaddleClas")]
    [InlineData("MindCV")]
    [Trait("row", "S0-03")]
    public void Training_form_becomes_the_deploy_form_which_loads_under_every_name(string whose)
    {
        var row = ModelCatalog.Find("repvgg_n1");
        var ours = ForeignWeights.Drawn(row.Build(s_small));
        var (source, deployed, model) = (_folder.Path("w.pth"), _folder.Path("d.safetensors"), _folder.Path("m.fovea"));
        ForeignWeights.Write(source, ForeignWeights.Spelt(row.OtherNames[0], ours));
        string[] flags = ["--model", "repvgg_n1", "--image-size", "32"];
        var folded = Shell.Run(["convert", source, deployed, .. flags, "--deploy", "--json"]);
        Assert.Equal(0, folded.Code);
        Assert.Equal(22, folded.Json.GetProperty("proof").GetProperty("blocks").GetArrayLength());

        var map = row.OtherNames.Single(map => map.Name == whose);
        var names = WeightFile.Read(deployed).Tensors.Select(entry => (map.FromCatalogue(entry.Name), ForeignWeights.Kept(map, entry.Tensor)));
        var theirs = _folder.Path(whose == "MindCV" ? "t.ckpt" : whose == "PaddleClas" ? "t.pdparams" : "t.pth");
        ForeignWeights.Write(theirs, [.. names]);
        Assert.Contains("stage0.rbr_reparam.weight", WeightFile.Read(theirs).Tensors.Select(entry => entry.Name));
        var done = Shell.Run(["convert", theirs, model, .. flags, "--json"]);
        Assert.Equal((0, true), (done.Code, done.Json.GetProperty("deploy").GetBoolean()));
        Assert.Equal(0, Shell.Run(["validate", .. flags, "--weights", theirs, "--data", TinyData.Make(_folder)]).Code);
    }

    [Fact]
    [Trait("row", "S0-03")]
    public void Target_that_fails_the_comparison_is_not_left_behind()
    {
        var (row, source, target) = (ModelCatalog.Find("repvgg_n1"), _folder.Path("w.pth"), _folder.Path("d.pth"));
        ForeignWeights.Write(source, [.. ForeignWeights.Drawn(row.Build(s_small)).Select(entry => (entry.Key, entry.Value))]);
        var done = Shell.Run("convert", source, target, "--model", "repvgg_n1", "--image-size", "32", "--deploy", "--tolerance", "0");
        Assert.Equal(3, done.Code);
        Assert.Contains($"error: {target}: not written: the proof failed on 4 images", done.Error, StringComparison.Ordinal);
        Assert.Matches(@"\nstages\.0\.0 +\S+E-\d+ +\S+E-\d+\n", done.Out);
        Assert.Equal([source], Directory.GetFileSystemEntries(_folder.Root));
    }

    [Fact]
    [Trait("row", "S4-09")]
    public void Weights_ONNX_and_model_lead_round_with_the_same_logits()
    {
        var row = ModelCatalog.Find("resnet20");
        var options = new ModelOptions { Classes = 3 };
        string[] files = ["a.pth", "b.onnx", "c.fovea", "d.onnx", "e.safetensors"];
        ForeignWeights.Write(_folder.Path(files[0]), [.. ForeignWeights.Drawn(row.Build(options)).Select(entry => (entry.Key, entry.Value))]);
        for (var i = 0; i + 1 < files.Length; i++)
        {
            string[] model = i == 0 ? ["--model", "resnet20"] : [];
            var done = Shell.Run(["convert", _folder.Path(files[i]), _folder.Path(files[i + 1]), .. model, "--json"]);
            Assert.Equal(0, done.Code);
            Assert.InRange(done.Json.GetProperty("parity").GetProperty("relative_error").GetDouble(), 0, 1e-5);
        }

        Shell.Fails(
            2, $"{_folder.Path("e.safetensors")}: holds weights, which do not say their model; wanted --model NAME ('fovea models' lists all)",
            "convert", _folder.Path("e.safetensors"), _folder.Path("f.pth"));
    }

    [Fact]
    [Trait("row", "S0-05")]
    public void What_is_missing_and_unexpected_is_listed_and_taken_in_part_on_demand_alone()
    {
        var row = ModelCatalog.Find("resnet20");
        var ours = ForeignWeights.Drawn(row.Build(new ModelOptions { Classes = 3 }));
        var (source, target) = (_folder.Path("w.pth"), _folder.Path("b.pth"));
        var given = ours.Where(entry => entry.Key != "bn1.bias").Select(entry => ($"module.{entry.Key}", entry.Value)).Append(("module.extra.weight", HostTensor.Filled(new(2), 1)));
        ForeignWeights.Write(source, [.. given]);
        var refused = Shell.Run("convert", source, target, "--model", "resnet20");
        Assert.Equal(2, refused.Code);
        Assert.Contains("\nmissing: bn1.bias\nunexpected: extra.weight\n", refused.Out, StringComparison.Ordinal);
        Assert.Contains($"error: {source}: these are not the weights of resnet20: missing: bn1.bias; unexpected: extra.weight", refused.Error, StringComparison.Ordinal);
        Assert.EndsWith("; --allow-partial takes what fits\n", refused.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(target));

        var json = Shell.Run("convert", source, target, "--model", "resnet20", "--allow-partial", "--json").Json;
        Assert.Equal(["bn1.bias"], json.GetProperty("missing").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal(["extra.weight"], json.GetProperty("unexpected").EnumerateArray().Select(name => name.GetString()));
        ForeignWeights.AssertHolds(target, new(ours) { ["bn1.bias"] = HostTensor.Filled(ours["bn1.bias"].Shape, 0) });
    }

    [Theory]
    [InlineData("w.pth", false)]
    [InlineData("w.pdparams", true)]
    public void Unknown_names_are_matched_by_order_when_that_is_asked_for(string file, bool isPaddle)
    {
        var row = ModelCatalog.Find("resnet20");
        var ours = ForeignWeights.Drawn(row.Build(new ModelOptions { Classes = 3 }));
        var map = isPaddle ? Framework.Paddle.Porting(new("")) : new NameMap("");
        var modules = ours.Keys.Select(Module).Distinct().ToList();
        var given = ForeignWeights.Spelt(map, ours).Zip(ours.Keys).Select(pair => ($"layer{modules.IndexOf(Module(pair.Second))}.{Leaf(pair.First.Name)}", pair.First.Tensor)).ToList();
        var (source, target) = (_folder.Path(file), _folder.Path("b.safetensors"));
        ForeignWeights.Write(source, given);
        var refused = Shell.Run("convert", source, target, "--model", "resnet20", "--classes", "3");
        Assert.Equal(2, refused.Code);
        Assert.Contains("In their order and shapes all of them fit: --by-order names them so", refused.Error, StringComparison.Ordinal);
        var done = Shell.Run("convert", source, target, "--model", "resnet20", "--classes", "3", "--by-order");
        Assert.Equal(0, done.Code);
        Assert.Contains($"{modules.Count} modules were matched in their order, by their shapes", done.Error, StringComparison.Ordinal);
        ForeignWeights.AssertHolds(target, ours);

        ForeignWeights.Write(source, [.. given.Skip(5), .. given.Take(5)]);
        var ambiguous = Shell.Run("convert", source, target, "--model", "resnet20", "--classes", "3", "--by-order");
        Assert.Equal(2, ambiguous.Code);
        Assert.Contains("the weights cannot be named by their order: they do not follow the order of resnet20: module 1 is", ambiguous.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Projection_beside_a_block_is_not_taken_for_the_convolution_of_its_shape_in_it()
    {
        var row = new ModelRow("tiny", "tiny", (s, x, options) =>
            x.Conv(s["conv"], 3, kernel: 1).Plus(x.Conv(s["downsample"], 3, kernel: 1)).Classifier(s["head"], options)) { Paper = "", Licence = "", Classes = 3 };
        var graph = row.Build(new ModelOptions { ImageSize = 4 });
        var ours = ForeignWeights.Drawn(graph);
        (string, HostTensor)[] swapped = [("shortcut.weight", ours["downsample.weight"]), ("a.weight", ours["conv.weight"]), ("fc.weight", ours["head.weight"]), ("fc.bias", ours["head.bias"])];
        var refused = Assert.Throws<ModelSourceException>(() => WeightLoading.FitInOrder(row, graph, swapped));
        Assert.Contains("one of them stands beside its block", refused.Message, StringComparison.Ordinal);
        Assert.True(WeightLoading.FitInOrder(row, graph, [swapped[1], swapped[0], .. swapped[2..]]).Match.IsComplete);
    }

    [Fact]
    [Trait("row", "S0-06")]
    public void Scales_of_RepOptimizers_need_no_model()
    {
        var search = ModelCatalog.Build("repoptvgg_b1_hs");
        var drawn = search.Variables.Select(value => value.Variable!).Where(variable => variable.Label.Contains(".scale_", StringComparison.Ordinal))
            .Select(variable => (variable.Label, HostTensor.Filled(variable.Type.Shape, 0.5f)));
        var (source, target) = (_folder.Path("scales.pth"), _folder.Path("scales.safetensors"));
        ForeignWeights.Write(source, [.. drawn]);
        var done = Shell.Run("convert", source, target, "--json");
        Assert.Equal((0, 79), (done.Code, done.Json.GetProperty("keys").GetArrayLength()));
        RepOptScales.Of(WeightFile.Read(target).Tensors, target).Check(ModelCatalog.Build("repoptvgg_b1_target"));
        Shell.Fails(
            2, $"{source}: holds scales of RepOptimizers; an ONNX model (.onnx) wants a model. Wanted weights to write", "convert", source, _folder.Path("b.onnx"));
    }

    [Fact]
    public void Dry_run_does_everything_but_write()
    {
        var (row, source, target) = (ModelCatalog.Find("resnet20"), _folder.Path("w.pth"), _folder.Path("b.fovea"));
        ForeignWeights.Write(source, [.. ForeignWeights.Drawn(row.Build()).Select(entry => (entry.Key, entry.Value))]);
        var done = Shell.Run("convert", source, target, "--model", "resnet20", "--dry-run");
        Assert.Equal(0, done.Code);
        Assert.EndsWith($"a dry run: {target} is not written\n", done.Out, StringComparison.Ordinal);
        Assert.Equal([source], Directory.GetFileSystemEntries(_folder.Root));
    }

    [Fact]
    public void What_cannot_be_meant_is_refused()
    {
        var source = _folder.Path("w.pth");
        ForeignWeights.Write(source, [("conv.weight", HostTensor.Filled(new(1, 1, 1, 1), 1))]);
        File.WriteAllText(_folder.Path("notes.pth"), "my notes");
        Shell.Fails(2, $"{source}: is what is converted; wanted another file to write", "convert", source, source, "--model", "resnet20");
        Shell.Fails(
            2, $"{_folder.Path("w.pdparams")}: ends in '.pdparams', which is not written; wanted a model (.fovea), an ONNX model (.onnx), "
            + "weights (.safetensors, .pth, .pt, .th) or Darknet's weights (.weights), of a .cfg", "convert", source, _folder.Path("w.pdparams"), "--model", "resnet20");
        Shell.Fails(
            2, "--by-order does not go with a source without --model: it belongs to the weights of one", "convert", source, _folder.Path("b.pth"), "--by-order");
        Shell.Fails(
            2, "--deploy does not go with a model (.fovea): it is written in the deploy form", "convert", source, _folder.Path("b.fovea"), "--model", "resnet20", "--deploy");
        Assert.Contains(
            "stands there already and is not a file of weights",
            Shell.Run("convert", source, _folder.Path("notes.pth"), "--model", "resnet20").Error, StringComparison.Ordinal);
        Assert.Equal("my notes", File.ReadAllText(_folder.Path("notes.pth")));
    }

    [Fact]
    public void Deploy_form_of_every_small_RepVGG_is_known_by_its_weights_alone()
    {
        var row = ModelCatalog.Find("repvgg_n1");
        var folded = Deploy.Structure(row.Build(s_small), row.DeployName);
        (string, HostTensor)[] given = [.. ForeignWeights.Drawn(folded).Select(entry => (entry.Key, entry.Value))];
        var fit = WeightLoading.FitAnyForm(row, row.Build(s_small), given);
        Assert.Equal((true, true), (fit.IsDeployed, fit.Match.IsComplete));
        var train = Assert.Throws<ModelSourceException>(() => WeightLoading.Match(row, row.Build(s_small), given, "w.pth"));
        Assert.EndsWith("They are of the deploy form, whose branches and norms are folded; wanted those of the form that is trained", train.Message, StringComparison.Ordinal);
    }

    private static ModelOptions Small(ModelRow row) => row.ImageSize > 32 ? new() { Classes = 3, ImageSize = Math.Max(row.SmallestImageSize(), 32) } : new() { Classes = 3 };

    /// <summary>Fully connected layers in place of kernels, where the other system has such.</summary>
    private static IReadOnlyList<(string Name, HostTensor Tensor)> Flat(
        NameMap map, IReadOnlyList<(string Name, HostTensor Tensor)> theirs, Dictionary<string, HostTensor> ours) =>
        [.. theirs.Select(entry => map.Flattened.Contains(map.ToCatalogue(entry.Name)) && ours[map.ToCatalogue(entry.Name)] is var kernel
            ? (entry.Name, new HostTensor(TensorType.F32(kernel.Shape.N, (int)(kernel.Shape.Elements / kernel.Shape.N)), kernel.Bytes.ToArray()))
            : entry)];

    private static string Module(string name) => name[..name.LastIndexOf('.')];

    private static string Leaf(string name) => name[(name.LastIndexOf('.') + 1)..];
}
