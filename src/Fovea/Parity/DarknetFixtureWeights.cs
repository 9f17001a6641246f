using System.Globalization;
using System.Security.Cryptography;
using Fovea.Darknet;
using Fovea.Data.Parity;
using Fovea.Models.Parity;
using Fovea.Tensors;
using Fovea.Training.Parity;

namespace Fovea.Parity;

/// <summary>The tensors of a fixture, filled by its generator, and the file of weights that they make.</summary>
internal sealed class DarknetFixtureWeights
{
    /// <summary>The fields that it compares.</summary>
    internal static readonly string[] Parts = ["tensors", "weights_file", "weight_gain"];

    private readonly FixtureNode _root;
    private readonly DarknetNetwork _network;
    private readonly string? _problem;

    internal DarknetFixtureWeights(FixtureNode root, DarknetNetwork network)
    {
        (_root, _network) = (root, network);
        var gain = root["weight_gain"].Number();
        var listed = root["tensors"].Items.Select(node => (
            Name: node["name"].Text(), Shape: new Shape(node["shape"].Integers(1)), Fill: node["fill"].Text(), Seed: node["seed"].Seed())).ToArray();
        string[] theirs = [.. listed.Select(tensor => $"{tensor.Name} {tensor.Shape}")];
        string[] ours = [.. network.Tensors.Select(tensor => $"{tensor.Name} {tensor.Shape}")];
        _problem = ours.SequenceEqual(theirs)
            ? null
            : $"{ours.Length} tensors, first other than wanted {ours.Except(theirs).FirstOrDefault() ?? "none"}; wanted {theirs.Length}, "
                + $"{theirs.Except(ours).FirstOrDefault() ?? "in another order"}";
        foreach (var tensor in listed.Where(tensor => tensor.Seed != FixtureTensors.Seed(root["salt"].Text(), tensor.Name)))
            _problem ??= $"the seed of {tensor.Name} is {tensor.Seed}; wanted that of its name";
        Tensors = _problem is null ? [.. listed.Select(tensor => (tensor.Name, FixtureTensors.Filled(tensor.Fill, tensor.Shape, tensor.Seed, gain)))] : [];
    }

    /// <summary>The tensors by name; none where the network wants others.</summary>
    internal IReadOnlyList<(string Name, HostTensor Tensor)> Tensors { get; }

    internal IEnumerable<ComponentResult> Compare()
    {
        yield return new("tensors", _problem);
        var file = _root["weights_file"];
        file.Remark("header");
        var (bytes, sum) = ((long)file["bytes"].Number(), file["sha256"].Text());
        if (_problem is null) yield return new("weights", Written(bytes, sum));
    }

    private string? Written(long bytes, string sum)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var stream = new DigestStream(digest);
        WeightsWriter.Write(stream, "weights", _network, WeightsHeader.Current(), Tensors);
        var ours = Convert.ToHexStringLower(digest.GetHashAndReset());
        return (stream.Length, ours) == (bytes, sum)
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{stream.Length} bytes with SHA-256 {ours}; wanted {bytes} with {sum}");
    }
}
