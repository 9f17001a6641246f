using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Fovea.Formats.Artefact;
using Fovea.Formats.Safetensors;
using Fovea.Formats.Weights;

namespace Fovea.Cli.Tests.Commands;

/// <summary><c>fovea digest</c>: by which two runs are compared.</summary>
public sealed class DigestTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _data;

    public DigestTests() => _data = TinyData.Make(_folder);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Runs_of_one_recipe_have_one_digest_and_one_of_another_seed_has_another()
    {
        var (one, again, other) = (Train("one"), Train("again"), Train("other", "--set", "train.seed=9"));
        var digest = Shell.Run("digest", one, "--json").Json;
        Assert.Equal((2, 8), (digest.GetProperty("epoch").GetInt32(), digest.GetProperty("step").GetInt32()));
        foreach (var part in new[] { "all", "weights", "averages" })
        {
            Assert.Equal(Of(one, part), Of(again, part));
            Assert.NotEqual(Of(one, part), Of(other, part));
        }

        Assert.Equal(3, new[] { "all", "weights", "averages" }.Select(part => Of(one, part)).Distinct().Count());
        Assert.Equal(Of(one, "all"), Of(Path.Combine(one, "checkpoints", "latest.safetensors"), "all"));
        Assert.Equal(Of(again, "all"), Shell.Run("digest", one, "--checkpoint", "latest", "--json").Json.GetProperty("all").GetString());
    }

    [Fact]
    public void The_best_of_a_run_has_the_digest_of_its_file_although_it_holds_weights_alone()
    {
        var run = Train("one");
        var best = Shell.Run("digest", run, "--checkpoint", "best", "--json");
        Assert.Equal((0, ""), (best.Code, best.Error));
        Assert.Equal(Of(Path.Combine(run, "checkpoints", "best.safetensors"), "all"), best.Json.GetProperty("all").GetString());
        Assert.False(best.Json.TryGetProperty("weights", out _));
    }

    /// <summary>The definition of docs/experiments.md, written down once more.</summary>
    [Fact]
    public void A_digest_is_the_hash_of_names_types_and_bytes_in_the_order_of_names()
    {
        var path = Path.Combine(Train("one"), "checkpoints", "latest.safetensors");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(ReadOnlySpan<byte> bytes)
        {
            var length = new byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }

        using (var file = SafetensorsFile.Open(path))
            foreach (var name in file.Entries.Select(entry => entry.Name).Order(StringComparer.Ordinal))
            {
                var tensor = file.Read(name);
                Add(Encoding.UTF8.GetBytes(name));
                Add(Encoding.UTF8.GetBytes($"f32[{string.Join(", ", Enumerable.Range(0, tensor.Shape.Rank).Select(axis => tensor.Shape[axis]))}]"));
                Add(tensor.Bytes);
            }

        Assert.Equal(Convert.ToHexStringLower(hash.GetHashAndReset()), Of(path, "all"));
    }

    [Fact]
    public void The_order_and_the_kind_of_a_file_of_weights_do_not_matter()
    {
        var (run, file) = (Train("one"), _folder.Path("m.fovea"));
        Assert.Equal(0, Shell.Run("deploy", run, "-o", file, "--images", "3").Code);
        var tensors = FoveaFile.Read(file).Weights.Select(weight => (weight.Key, weight.Value)).ToArray();
        WeightFile.Write(_folder.Path("a.pth"), tensors);
        WeightFile.Write(_folder.Path("b.safetensors"), [.. tensors.Reverse()]);
        Assert.Equal(Of(file, "all"), Of(_folder.Path("a.pth"), "all"));
        Assert.Equal(Of(file, "all"), Of(_folder.Path("b.safetensors"), "all"));
        var shown = Shell.Run("digest", file, "--tensors");
        Assert.Equal((0, ""), (shown.Code, shown.Error));
        Assert.All(tensors, entry => Assert.Contains(entry.Key, shown.Out, StringComparison.Ordinal));
    }

    [Fact]
    public void What_has_no_tensors_is_told()
    {
        Shell.Fails(2, "nowhere: there is no such file or folder; wanted the folder of a run, a checkpoint or a file of weights", "digest", "nowhere");
        Shell.Fails(2, $"{_data}: holds no checkpoint 'latest'; wanted the folder of a run, as 'fovea train --out' makes it", "digest", _data);
        Shell.Fails(2, "--checkpoint does not go with a file: it says which of a run's checkpoints", "digest", "nowhere", "--checkpoint", "best");
    }

    private string Train(string name, params string[] more)
    {
        string[] flags = [.. TinyData.Flags, "--set", "train.ema_decay=0.9"];
        Assert.Equal(0, Shell.Run(["train", "--data", _data, "--out", _folder.Path(name), .. flags, .. more]).Code);
        return _folder.Path(name);
    }

    private static string Of(string place, string part) => Shell.Run("digest", place, "--json").Json.GetProperty(part).GetString()!;
}
