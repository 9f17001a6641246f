using Fovea.Formats.Weights;
using Fovea.Tensors;
using Fovea.Training.Checkpoints;

namespace Fovea.Cli.Tests.Commands;

/// <summary>RepOptimizers from the hyper-search to the shipped model.</summary>
public sealed class RepOptTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _data;

    public RepOptTests() => _data = TinyData.Make(_folder);

    public void Dispose() => _folder.Dispose();

    private Shell Train(string form, string run, params string[] more) =>
        Shell.Run(["train", .. TinyData.Flags.Skip(2), "--model", $"repoptvgg_{form}", "--data", _data, "--out", _folder.Path(run), .. more]);

    private static string[] Around(string scales) => ["--set", $"optimizer.around=[{{kind: repopt, scales: {scales}}}]"];

    [Fact]
    [Trait("row", "S0-07")]
    public void Hyper_search_target_resumption_and_deployment_follow_each_other()
    {
        var search = Train("hs", "search", "--set", "optimizer.also_decay=[\"*scale_conv.weight\"]", "--json");
        Assert.Equal(0, search.Code);
        var scales = search.Json.GetProperty("repopt_scales").GetString()!;
        Assert.Equal(_folder.Path("search", "repopt-scales.safetensors"), scales);
        Assert.Contains($"the scales of 5 blocks are in {scales}; the target is trained with optimizer.around", search.Error, StringComparison.Ordinal);

        var unbroken = Train("target", "unbroken", [.. Around(scales), "--json"]);
        Assert.Equal((0, 8), (unbroken.Code, unbroken.Json.GetProperty("steps").GetInt32()));
        Assert.DoesNotContain("is to be trained by a RepOptimizer", unbroken.Error, StringComparison.Ordinal);

        Assert.Equal(0, Train("target", "target", [.. Around(scales), "--set", "train.checkpoint_every=1"]).Code);
        File.Delete(scales);
        File.Delete(_folder.Path("target", "checkpoints", "latest.safetensors"));
        File.Move(_folder.Path("target", "checkpoints", "epoch-0001.safetensors"), _folder.Path("target", "checkpoints", "latest.safetensors"));
        var resumed = Shell.Run("train", "--data", _data, "--out", _folder.Path("target"), "--resume");
        Assert.Equal(0, resumed.Code);
        Assert.Equal(Latest("unbroken"), Latest("target"));

        var shipped = _folder.Path("target.fovea");
        Assert.Equal(0, Shell.Run("deploy", _folder.Path("target"), "-o", shipped).Code);
        Assert.Equal(0, Shell.Run("validate", "--model", shipped, "--data", _data).Code);
    }

    [Fact]
    public void Scales_are_shown_and_written_from_a_run_and_from_weights()
    {
        Assert.Equal(0, Train("hs", "search", "--set", "train.epochs=1").Code);
        var (ours, theirs) = (_folder.Path("a.safetensors"), _folder.Path("b.pth"));
        var shown = Shell.Run("repopt", "scales", _folder.Path("search"), "-o", ours);
        Assert.Equal((0, ""), (shown.Code, shown.Error));
        Assert.Contains("stage2.0.conv.weight", shown.Out, StringComparison.Ordinal);
        Assert.Contains($"wrote {ours}: 10 tensors\n", shown.Out, StringComparison.Ordinal);
        var json = Shell.Run("repopt", "scales", _folder.Path("search", "checkpoints", "latest.safetensors"), "-o", theirs, "--json").Json;
        Assert.Equal(5, json.GetProperty("blocks").GetInt32());
        Assert.Equal("stage0.scale_conv.weight", json.GetProperty("scales")[0].GetProperty("name").GetString());
        var written = Shell.Run("repopt", "scales", theirs, "-o", _folder.Path("c.safetensors"));
        Assert.Equal(0, written.Code);
        byte[][] files = [.. ((string[])[ours, theirs, _folder.Path("c.safetensors"), _folder.Path("search", "repopt-scales.safetensors")]).Select(Content)];
        Assert.All(files, content => Assert.Equal(files[0], content));
    }

    [Fact]
    public void Scales_are_not_written_over_anything_else_nor_found_where_there_are_none()
    {
        var weights = _folder.Path("w.safetensors");
        WeightFile.Write(weights, [("conv.weight", HostTensor.Filled(new Shape(2), 1))]);
        Shell.Fails(
            1,
            $"{weights}: holds no scales of RepOptimizers; wanted those of a hyper-search model (…_hs), "
            + "called …scale_conv.weight or …cheap_operation.1.weight",
            "repopt", "scales", weights);
        Shell.Fails(
            2,
            $"{weights}: stands there already and is not a file of scales, which 'fovea repopt scales' writes (.safetensors, .pth); remove it, "
            + "or choose another name",
            "repopt", "scales", weights, "-o", weights);
        Shell.Fails(2, "s.onnx: ends in '.onnx'; wanted a file that ends in .safetensors or .pth", "repopt", "scales", weights, "-o", "s.onnx");
    }

    [Fact]
    public void A_target_without_a_RepOptimizer_is_warned_of_and_trains_as_a_plain_net()
    {
        var shell = Train("target", "plain", "--set", "train.epochs=1");
        Assert.Equal(0, shell.Code);
        Assert.Contains(
            "warning: repoptvgg_target is to be trained by a RepOptimizer: "
            + "without optimizer.around: [{kind: repopt, scales: FILE}] it learns as a plain net does",
            shell.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_breaks_the_equivalence_is_refused_and_leaves_no_run_behind()
    {
        var scales = _folder.Path("s.pth");
        WeightFile.Write(
            scales, [("stage0.scale_conv.weight", HostTensor.Filled(new Shape(8), 1)), ("stage0.scale_1x1.weight", HostTensor.Filled(new Shape(8), 1))]);
        var clipped = Train("target", "clipped", [.. Around(scales), "--set", "train.clip_gradient_norm=5"]);
        Assert.Equal(2, clipped.Code);
        Assert.Contains(
            "train.clip_gradient_norm is 5; wanted 0, since clipped gradients break the equivalence of repopt", clipped.Error, StringComparison.Ordinal);
        var other = Train("target", "other", Around(scales));
        Assert.Equal(1, other.Code);
        Assert.Contains(
            $": {scales}: these scales do not train repoptvgg_target: 1 block against the model's 5: scales are missing of stage1.0.conv.weight, ",
            other.Error, StringComparison.Ordinal);
        var search = Train("hs", "hs", Around(scales));
        Assert.Contains("the model has scales of its own", search.Error, StringComparison.Ordinal);
        foreach (var run in (string[])["clipped", "other", "hs"]) Assert.False(Directory.Exists(_folder.Path(run)), run);
    }

    private string[] Latest(string run) =>
    [
        .. CheckpointFile.Read(_folder.Path(run, "checkpoints", "latest.safetensors")).Tensors
            .Select(entry => $"{entry.Name} {Convert.ToHexString(entry.Tensor.Bytes)}"),
    ];

    private static byte[] Content(string file) => [.. WeightFile.Read(file).Tensors.SelectMany(entry => entry.Tensor.Bytes.ToArray())];
}
