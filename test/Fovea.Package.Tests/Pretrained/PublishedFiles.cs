using Fovea.Data.Tests;
using Fovea.Formats.Weights;
using Fovea.Models;
using Fovea.Pretrained;
using Fovea.Tensors;

namespace Fovea.Package.Tests.Pretrained;

/// <summary>A hub on this machine with the weights of one small model, and a cache that fetches from it.</summary>
internal sealed class PublishedFiles : IDisposable
{
    /// <summary>The weights that the hub has.</summary>
    internal const string Name = "mobilenetv3_small_050.lamb_in1k";

    /// <summary>Where it has them.</summary>
    internal const string Place = $"timm/{Name}/resolve/main/model.safetensors";

    private readonly TemporaryFolder _folder = new();

    internal PublishedFiles()
    {
        var path = _folder.Path("made.safetensors");
        WeightFile.Write(path, [.. Tensors.Select(entry => (entry.Key, entry.Value))]);
        Server.Files[Place] = File.ReadAllBytes(path);
        Cache = new()
        {
            Folder = _folder.Path("cache"), Hub = new(Server.Address), Mirror = new($"{Server.Address}mirror/"),
            Transfer = new() { Delay = TimeSpan.FromMilliseconds(1), Attempts = 3 },
        };
    }

    /// <summary>The tensors, by name.</summary>
    internal static IReadOnlyDictionary<string, HostTensor> Tensors { get; } = ShippedModels.Weights(ModelCatalog.Build(Weights.Model));

    internal static PublishedWeights Weights => WeightsCatalog.Find(Name);

    internal FlakyServer Server { get; } = new();

    internal WeightsCache Cache { get; }

    internal string Path => Cache.PathOf(Weights);

    public void Dispose()
    {
        Server.Dispose();
        _folder.Dispose();
    }
}
