using System.Text;
using Fovea.Data.Sources;
using Fovea.Pretrained;

namespace Fovea.Package.Tests.Pretrained;

public sealed class WeightsCacheTests : IDisposable
{
    private readonly PublishedFiles _hub = new();

    public void Dispose() => _hub.Dispose();

    [Fact]
    public void Weights_are_fetched_once_and_appear_whole()
    {
        Assert.False(_hub.Cache.Has(PublishedFiles.Weights));
        Assert.True(_hub.Cache.Fetch(PublishedFiles.Weights));
        Assert.Equal(_hub.Server.Files[PublishedFiles.Place], File.ReadAllBytes(_hub.Path));
        Assert.False(_hub.Cache.Fetch(PublishedFiles.Weights));
        Assert.True(_hub.Cache.Has(PublishedFiles.Weights));
        Assert.Equal([PublishedFiles.Place], _hub.Server.Requests);
    }

    [Fact]
    public void Progress_tells_weights_by_their_name()
    {
        var names = new List<string>();
        _hub.Cache.Fetch(PublishedFiles.Weights, at => names.Add(at.File));
        Assert.Equal([PublishedFiles.Name], names.Distinct());
    }

    [Fact]
    public void Error_says_which_file_to_put_where_without_the_net()
    {
        _hub.Server.Refuses = _ => 503;
        Assert.Equal(
            $"{_hub.Server.Address}{PublishedFiles.Place}: 3 connections in a row failed at byte 0, the last one so: the server answers 503 No; wanted a "
            + $"server that answers. Without the net: put that file at {_hub.Path} (FOVEA_HUB names a mirror, FOVEA_CACHE another folder)",
            Failure(PublishedFiles.Weights));
        Directory.CreateDirectory(Path.GetDirectoryName(_hub.Path)!);
        File.WriteAllBytes(_hub.Path, _hub.Server.Files[PublishedFiles.Place]);
        Assert.False(_hub.Cache.Fetch(PublishedFiles.Weights));
    }

    [Fact]
    public void Page_that_a_server_sends_in_place_of_weights_is_not_kept()
    {
        _hub.Server.Files[PublishedFiles.Place] = Encoding.ASCII.GetBytes("<html>Please sign in to this network</html>");
        Assert.Contains(": it holds no weights (", Failure(PublishedFiles.Weights), StringComparison.Ordinal);
        _hub.Server.Files[PublishedFiles.Place] = _hub.Server.Files[PublishedFiles.Place][..20];
        Failure(PublishedFiles.Weights);
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(_hub.Path)!));
    }

    [Fact]
    public void Half_a_file_of_weights_is_not_kept()
    {
        var whole = _hub.Server.Files[PublishedFiles.Place];
        _hub.Server.Files[PublishedFiles.Place] = whole[..(whole.Length / 2)];
        Assert.Contains(": it holds no weights (", Failure(PublishedFiles.Weights), StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_bytes_are_told_from_those_whose_sum_is_in_the_name()
    {
        var weights = WeightsCatalog.Find("SqueezeNet1_1_Weights.IMAGENET1K_V1");
        _hub.Server.Files["mirror/download.pytorch.org/models/squeezenet1_1-b8a52dc0.pth"] = [1, 2, 3];
        var message = Failure(weights);
        Assert.Contains("that of the published file b8a52dc0…", message, StringComparison.Ordinal);
        Assert.Contains($"put that file at {_hub.Cache.PathOf(weights)} (FOVEA_MIRROR names a mirror", message, StringComparison.Ordinal);
        File.WriteAllBytes(_hub.Cache.PathOf(weights), [1, 2, 3]);
        Assert.Contains("a file stands here already, but its SHA-256 is", Failure(weights), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("resnet18.a1_in1k", null, null, "https://huggingface.co/timm/resnet18.a1_in1k/resolve/main/model.safetensors")]
    [InlineData("resnet18.a1_in1k", "http://m:1/hf/", "http://n", "http://m:1/hf/timm/resnet18.a1_in1k/resolve/main/model.safetensors")]
    [InlineData("ResNet18_Weights.IMAGENET1K_V1", "http://m", null, "https://download.pytorch.org/models/resnet18-f37072fd.pth")]
    [InlineData("ResNet18_Weights.IMAGENET1K_V1", "http://m", "http://n/x/", "http://n/x/download.pytorch.org/models/resnet18-f37072fd.pth")]
    public void Mirrors_stand_in_for_the_hub_and_for_other_servers(string name, string? hub, string? mirror, string address)
    {
        var cache = new WeightsCache
        {
            Folder = "x", Hub = hub is null ? WeightsCache.PublicHub : new(hub), Mirror = mirror is null ? null : new Uri(mirror),
        };
        Assert.Equal(address, cache.AddressOf(WeightsCatalog.Find(name)).AbsoluteUri);
    }

    private string Failure(PublishedWeights weights) => Assert.Throws<DataException>(() => _hub.Cache.Fetch(weights)).Message;
}
