using System.Security.Cryptography;
using Fovea.Data.Tests;
using Fovea.Formats.Weights;
using Fovea.Graphs;
using Fovea.Models;
using Fovea.Pretrained;
using Fovea.Tensors;

namespace Fovea.Cli.Tests;

/// <summary>Published weights on the command line, from a hub on this machine.</summary>
public sealed class PretrainedTests : IDisposable
{
    private const string Name = "mobilenetv3_small_050.lamb_in1k";
    private const string Model = "mobilenetv3_small_050";
    private const string Place = $"timm/{Name}/resolve/main/model.safetensors";

    private static readonly string[] s_variables = [WeightsCache.FolderVariable, WeightsCache.HubVariable, WeightsCache.MirrorVariable];

    private static readonly Lazy<byte[]> s_file = new(Weights);

    private static readonly string[] s_small =
    [
        "--set", "data.image_size=32", "--set", "data.workers=1", "--set", "train.batch_size=6", "--set", "train.epochs=1",
        "--set", "augment.transforms[0].min_scale=0.5", "-c", TinyData.Plain,
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly FlakyServer _server = new();
    private readonly string?[] _before = [.. s_variables.Select(Environment.GetEnvironmentVariable)];

    public PretrainedTests()
    {
        _server.Files[Place] = s_file.Value;
        Environment.SetEnvironmentVariable(WeightsCache.FolderVariable, _folder.Path("cache"));
        Environment.SetEnvironmentVariable(WeightsCache.HubVariable, _server.Address);
        Environment.SetEnvironmentVariable(WeightsCache.MirrorVariable, $"{_server.Address}mirror");
    }

    private string Cached => _folder.Path("cache", "weights", $"{Name}.safetensors");

    public void Dispose()
    {
        foreach (var (name, value) in s_variables.Zip(_before)) Environment.SetEnvironmentVariable(name, value);
        _server.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Weights_are_listed_by_model_with_licence_top1_and_images()
    {
        var shell = Shell.Run("weights", "list", "resnet18");
        Assert.Equal(0, shell.Code);
        Assert.Contains("ResNet18_Weights.IMAGENET1K_V1", shell.Out.Split('\n')[1], StringComparison.Ordinal);
        Assert.Matches(@"resnet18\.a1_in1k +resnet18 +71\.504 +11\.69M +224 of 235, bicubic +apache-2\.0\n", shell.Out);
        var all = Shell.Run("weights", "list", "--json").Json.GetProperty("weights");
        Assert.Equal(WeightsCatalog.All.Count, all.GetArrayLength());
        var first = Shell.Run("weights", "list", "resnet18", "--json").Json.GetProperty("weights")[0];
        Assert.Equal("f37072fd", first.GetProperty("sha256").GetString());
        Assert.Equal(0.69758, first.GetProperty("top1").GetDouble());
        Assert.Equal($"{_server.Address}mirror/download.pytorch.org/models/resnet18-f37072fd.pth", first.GetProperty("url").GetString());
        Assert.Contains("xception41.tf_in1k", Shell.Run("weights", "list", "TF_IN1K").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void List_of_nothing_says_what_may_be_meant()
    {
        Shell.Fails(
            2, "no published weights are for 'resnet81' or have that in their name; did you mean 'resnet18'? ('fovea weights list' lists all)",
            "weights", "list", "resnet81");
        Shell.Fails(2, "no weights for the model 'cifar_resnet18' are known that can be fetched", "weights", "list", "cifar_resnet18");
    }

    [Fact]
    public void Weights_are_found_and_fetched_by_name()
    {
        var before = Shell.Run("weights", "where", Name);
        Assert.Equal(
            $"{Cached}\n{Name} is not there: 'fovea weights get {Name}' fetches it from {_server.Address}{Place}\n", before.Out);
        var got = Shell.Run("weights", "get", Model);
        Assert.Equal($"{Name} was fetched from {_server.Address}{Place}: {Cached}; licence apache-2.0\n", got.Out);
        Assert.Equal($"{Cached}\n{Name} is there\n", Shell.Run("weights", "where", Name).Out);
        var again = Shell.Run("weights", "get", Name, "--json").Json;
        Assert.Equal((false, true), (again.GetProperty("fetched").GetBoolean(), again.GetProperty("here").GetBoolean()));
        Assert.Equal(Cached, again.GetProperty("file").GetString());
        Assert.Contains("yes", Shell.Run("weights", "list", Model).Out, StringComparison.Ordinal);
        Assert.Equal([Place], _server.Requests);
        Shell.Fails(
            2, "there are no published weights 'mobilenetv3_smal_050'; did you mean 'mobilenetv3_small_050'? ('fovea weights list' lists all)",
            "weights", "get", "mobilenetv3_smal_050");
    }

    [Fact]
    public void Server_without_the_file_and_addresses_that_are_none_are_told()
    {
        _server.Files.Clear();
        Shell.Fails(
            1, $"{_server.Address}{Place}: the server answers 404 Not Found; wanted an address where the file is. Without the net: put that file at {Cached} "
            + "(FOVEA_HUB names a mirror, FOVEA_CACHE another folder)", "weights", "get", Name);
        Environment.SetEnvironmentVariable(WeightsCache.HubVariable, "huggingface.co");
        Shell.Fails(1, "FOVEA_HUB: is 'huggingface.co', no http(s) address; wanted one, as https://huggingface.co", "weights", "get", Name);
    }

    [Fact]
    public void Download_that_was_killed_is_gone_on_with_by_the_same_command()
    {
        _server.Redirects[Place] = ("/files/model", $"X-Linked-ETag: \"{Convert.ToHexString(SHA256.HashData(s_file.Value))}\"\r\n");
        _server.Files["files/model"] = s_file.Value;
        _server.MostBytes = 1_000_000;
        using var killed = new ManualResetEventSlim();
        _server.Before = number =>
        {
            if (number == 2) killed.Wait(TestContext.Current.CancellationToken);
        };
        using (var tool = ToolProcess.Start("weights", "get", Name))
        {
            Assert.True(SpinWait.SpinUntil(() => _server.Requests.Count > 2, TimeSpan.FromMinutes(3)), "the second connection does not come");
            tool.Signal("KILL");
            tool.End();
        }

        killed.Set();
        Assert.False(File.Exists(Cached));
        Assert.Equal(s_file.Value[..1_000_000], File.ReadAllBytes($"{Cached}.part"));
        _server.MostBytes = int.MaxValue;
        Assert.Equal(0, Shell.Run("weights", "get", Name).Code);
        Assert.Equal(s_file.Value, File.ReadAllBytes(Cached));
        Assert.Equal([$"{Place} 1000000-", "files/model 1000000-"], _server.Requests.TakeLast(2));
    }

    [Fact]
    public void Processes_that_fetch_the_same_weights_at_once_fetch_them_once()
    {
        _server.MostBytes = 1_000_000;
        using var first = ToolProcess.Start("weights", "get", Name);
        using var second = ToolProcess.Start("weights", "get", Name);
        Shell[] ends = [first.End(), second.End()];
        Assert.All(ends, end => Assert.True(end.Code == 0, end.Error));
        Assert.Single(ends, end => end.Out.Contains("was fetched from", StringComparison.Ordinal));
        Assert.Equal(s_file.Value, File.ReadAllBytes(Cached));
        Assert.Equal([Cached], Directory.GetFiles(Path.GetDirectoryName(Cached)!));
    }

    [Fact]
    public void Downloads_go_through_the_proxy_of_the_environment()
    {
        var proxy = new Dictionary<string, string>
        {
            ["http_proxy"] = _server.Address, ["no_proxy"] = "", ["NO_PROXY"] = "", [WeightsCache.HubVariable] = "http://hub.invalid/",
        };
        _server.Files[$"http://hub.invalid/{Place}"] = s_file.Value;
        using var tool = ToolProcess.Start(proxy, "weights", "get", Name);
        var end = tool.End();
        Assert.True(end.Code == 0, end.Error);
        Assert.Equal([$"http://hub.invalid/{Place}"], _server.Requests);
    }

    [Fact]
    public void Training_starts_from_published_weights_and_goes_on_without_the_net()
    {
        var (data, run) = (TinyData.Make(_folder), _folder.Path("run"));
        var first = Shell.Run(["train", $"--pretrained={Name}", "--data", data, "--out", run, .. s_small]);
        Assert.True(first.Code == 0, first.Error);
        Assert.Contains($"{Name}: the classifier (classifier) is new, for 3 classes: it was for 1000 classes", first.Out, StringComparison.Ordinal);
        Assert.Contains($"{Name}: fetched from {_server.Address}{Place}; licence apache-2.0", first.Error, StringComparison.Ordinal);
        var recipe = File.ReadAllText(Path.Combine(run, "recipe.yaml"));
        Assert.Contains($"pretrained: {Name}\n", recipe, StringComparison.Ordinal);
        Assert.Contains("interpolation: bicubic\n", recipe, StringComparison.Ordinal);

        _server.Files.Clear();
        File.Delete(Cached);
        var more = Shell.Run("train", "--data", data, "--out", run, "--resume", "--set", "train.epochs=2");
        Assert.True(more.Code == 0, more.Error);
        Assert.Equal(0, Shell.Run("validate", "--run", run, "--data", data).Code);
        Assert.Equal([Place], _server.Requests);
    }

    [Fact]
    public void Prediction_tells_the_names_of_image_net()
    {
        var image = Path.Combine(TinyData.Make(_folder, train: 1, validation: 1), "val", "red", "000.png");
        foreach (var flags in new string[][] { ["--model", Model, "--pretrained", image], ["--pretrained", Name, image], [image, "--pretrained=" + Name] })
        {
            var shell = Shell.Run(["predict", .. flags, "--image-size", "32", "--json"]);
            Assert.True(shell.Code == 0, shell.Error);
            var top = shell.Json.GetProperty("images")[0].GetProperty("predictions")[0];
            Assert.Equal(ImageNetClasses.Names[top.GetProperty("class").GetInt32()], top.GetProperty("name").GetString());
        }
    }

    [Fact]
    public void Weights_of_a_file_with_a_thousand_classes_are_told_by_the_names_of_image_net()
    {
        var (image, weights) = (Path.Combine(TinyData.Make(_folder, train: 1, validation: 1), "val", "red", "000.png"), _folder.Path("w.safetensors"));
        File.WriteAllBytes(weights, s_file.Value);
        var shell = Shell.Run("predict", image, "--model", Model, "--weights", weights, "--image-size", "32", "--top", "1");
        Assert.Contains("nothing names its 1000 classes; taken are ImageNet's (--class-names FILE says others)", shell.Error, StringComparison.Ordinal);
        Assert.Contains(ImageNetClasses.Names, name => shell.Out.EndsWith($"  {name}\n", StringComparison.Ordinal));
    }

    [Fact]
    public void Validation_knows_folders_by_word_net_ids_and_by_names()
    {
        foreach (var names in new[] { ImageNetClasses.WordNetIds, ImageNetClasses.Names })
        {
            var data = _folder.Path(names[0]);
            foreach (var (colour, number) in TinyData.Classes.Zip([5, 207, 999])) TinyData.Add(Path.Combine(data, names[number]), 2, colour);
            var shell = Shell.Run("validate", "--model", Model, "--pretrained", "--data", data, "--split", "all", "--image-size", "32", "--json");
            Assert.True(shell.Code == 0, shell.Error);
            Assert.Equal(6, shell.Json.GetProperty("images").GetInt32());
        }
    }

    [Fact]
    public void Published_weights_are_shipped_with_any_images_for_the_proof()
    {
        var (data, file) = (TinyData.Make(_folder, train: 2, validation: 2), _folder.Path("m.fovea"));
        var shell = Shell.Run("deploy", "--model", Model, "--pretrained", "--data", data, "--image-size", "32", "--images", "4", "-o", file, "--json");
        Assert.True(shell.Code == 0, shell.Error);
        Assert.Equal(ImageNetClasses.Names, Fovea.Formats.Artefact.FoveaFile.Read(file).Card.Classes);
        Assert.Equal(0, Shell.Run("export", file, "-o", _folder.Path("m.onnx")).Code);
    }

    [Fact]
    public void Plans_are_explained_for_the_images_of_published_weights()
    {
        Assert.Contains("resnet18, [1, 3, 160, 160]", Shell.Run("explain", "resnet18", "--pretrained=a3_in1k").Out, StringComparison.Ordinal);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public void Flags_that_contradict_published_weights_are_refused()
    {
        var data = TinyData.Make(_folder, train: 1, validation: 1);
        Shell.Fails(
            2, "--weights does not go with --pretrained: it names the weights",
            "validate", "--model", Model, "--pretrained", "--weights", "w.pth", "--data", data);
        Shell.Fails(
            2, "--pretrained does not go with --run: the run says what it is of", "validate", "--run", "r", "--pretrained", "--data", data);
        Shell.Fails(
            2, "the default weights of which model? wanted its name, or that of weights ('fovea weights list' lists all)",
            "validate", "--pretrained", "--data", data);
    }

    private static byte[] Weights()
    {
        using var folder = new TemporaryFolder();
        var graph = ModelCatalog.Build(Model);
        var path = folder.Path("made.safetensors");
        WeightFile.Write(path, [.. graph.Variables.Select(value => value.Variable!).Where(variable => variable.Kind != VariableKind.Input).Select(Drawn)]);
        return File.ReadAllBytes(path);
    }

    private static (string Name, HostTensor Tensor) Drawn(Variable variable) => (
        variable.Label,
        variable.Label.EndsWith("running_var", StringComparison.Ordinal)
            || (variable.Type.Shape.Rank == 1 && variable.Label.EndsWith("weight", StringComparison.Ordinal))
            ? HostTensor.Filled(variable.Type.Shape, 1)
            : new Initializer.Uniform(0.1).Make(variable.Type.Shape, variable.Label, seed: 3));
}
