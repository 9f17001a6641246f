using Fovea.Formats.Storage;
using Fovea.Formats.PyTorch;
using Fovea.Formats.Tests.Zip;
using Fovea.Formats.Weights;
using Fovea.Tensors;

namespace Fovea.Formats.Tests;

/// <summary>Damaged files give a <see cref="ModelFormatException"/> or weights; they neither crash, hang, nor take memory without bound.</summary>
public sealed class FuzzTests
{
    private const int Rounds = 1500;
    private const long Slack = 4 << 20;

    public static TheoryData<string> Files => new(
        Directory.GetFiles(Fixtures.Path(""), "*", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith(".json", StringComparison.Ordinal))
            .Select(file => Path.GetRelativePath(Fixtures.Path(""), file))
            .Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Files))]
    public void Damaged_file_throws_nothing_but_ModelFormatException(string name)
    {
        var good = Fixtures.Bytes(name);
        var failures = 0;
        for (var round = 0; round < Rounds; round++)
            if (Fails(Damage(good, new Philox(seed: 7, stream: (ulong)round)), name)) failures++;
        Assert.True(failures > Rounds / 10, $"only {failures} of {Rounds} damaged files were refused");
    }

    [Theory]
    [InlineData("zip.pth")]
    [InlineData("legacy.th")]
    public void Every_truncation_is_refused(string name)
    {
        var good = Fixtures.Bytes("pytorch", name);
        for (var length = 0; length < good.Length; length++) Assert.True(Fails(good[..length], name), $"{length} of {good.Length} bytes were accepted");
    }

    [Theory]
    [InlineData("zip_training.pth")]
    [InlineData("zip_views.pth")]
    [InlineData("zip_protocol5.pth")]
    public void Damaged_pickle_in_a_sound_zip_file_throws_nothing_but_ModelFormatException(string name)
    {
        using var file = InputFile.Open(Fixtures.Path("pytorch", name));
        using var zip = Formats.Zip.ZipRecords.Open(file);
        var records = zip.Names.Select(record => (Name: record, Bytes: zip.Read(record))).ToArray();
        var pickle = Array.FindIndex(records, record => record.Name.EndsWith("/data.pkl", StringComparison.Ordinal));
        var good = records[pickle].Bytes;
        for (var round = 0; round < Rounds; round++)
        {
            records[pickle].Bytes = Damage(good, new Philox(seed: 8, stream: (ulong)round));
            Fails(ZipTests.Write(uint.MaxValue, records), name);
        }
    }

    [Fact]
    public void Tensors_that_repeat_a_small_storage_without_bound_are_refused()
    {
        var pickle = new PickleOutput();
        pickle.EmptyOrderedDict();
        pickle.Op('(');
        pickle.Text("a");
        pickle.Global("torch._utils", "_rebuild_tensor_v2");
        foreach (var op in "((") pickle.Op(op);
        pickle.Text("storage");
        pickle.Global("torch", "FloatStorage");
        pickle.Text("0");
        pickle.Text("cpu");
        pickle.Integer(1);
        foreach (var op in "tQ") pickle.Op(op);
        pickle.Integer(0);
        pickle.Tuple([20_000, 20_000]);
        pickle.Tuple([0, 0]);
        foreach (var op in "tRu") pickle.Op(op);
        var bytes = ZipTests.Write(uint.MaxValue, ("a/data.pkl", pickle.Finish().ToArray()), ("a/data/0", new byte[4]));
        var failure = Assert.Throws<ModelFormatException>(() => WeightFile.Read(new MemoryStream(bytes), "w"));
        Assert.Contains("describes tensors of 1600000000 bytes, more than 16 times its own", failure.Message, StringComparison.Ordinal);
    }

    private static bool Fails(byte[] bytes, string name)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var failed = false;
        try
        {
            WeightFile.Read(new MemoryStream(bytes), name);
        }
        catch (ModelFormatException)
        {
            failed = true;
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < Slack + (64 * bytes.Length), $"{name}: {allocated} bytes were allocated for a file of {bytes.Length}");
        return failed;
    }

    /// <summary>Flips, overwrites, removes or repeats some bytes.</summary>
    internal static byte[] Damage(byte[] good, Philox random)
    {
        var bytes = good.ToList();
        var changes = 1 + random.Integer(0, 4);
        for (var change = 0ul; change < (ulong)changes; change++)
        {
            var at = random.Integer(10 + (8 * change), bytes.Count);
            var length = Math.Min(1 + random.Integer(11 + (8 * change), 16), bytes.Count - at);
            switch (random.Integer(12 + (8 * change), 6))
            {
                case 0 when bytes.Count > 1: bytes.RemoveRange(at, bytes.Count - at - (at == 0 ? 1 : 0)); break;
                case 1 when bytes.Count > length: bytes.RemoveRange(at, length); break;
                case 2: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
                case 3: for (var i = 0; i < Math.Min(length, 8); i++) bytes[at + i] = 0xFF; break;
                case 4: bytes[at] = (byte)random.Integer(13 + (8 * change), 256); break;
                default: bytes[at] ^= (byte)(1 << random.Integer(14 + (8 * change), 8)); break;
            }
        }

        return [.. bytes];
    }
}
