using System.Globalization;
using System.Numerics;
using System.Text;
using Fovea.Formats;
using Fovea.Formats.Weights;

namespace Fovea.Hostile.Subjects;

/// <summary>PyTorch files of both layouts.</summary>
public sealed class StateDicts : Subject
{
    /// <inheritdoc/>
    public override string Name => "pytorch";

    /// <inheritdoc/>
    public override byte[] Make(Choices choices)
    {
        var maker = new PickleMaker(choices);
        var pickle = maker.Make();
        return choices.OneIn(4) ? Legacy(choices, pickle, maker.Storages) : Zip(choices, pickle, maker.Storages);
    }

    /// <inheritdoc/>
    public override void Read(byte[] file) => WeightFile.Read(new MemoryStream(file, writable: false), "hostile");

    /// <inheritdoc/>
    public override bool Refuses(Exception failure) => failure is ModelFormatException;

    /// <inheritdoc/>
    public override long Bytes(byte[] file) => (4L << 20) + (96L * file.Length);

    private static byte[] Zip(Choices choices, byte[] pickle, IReadOnlyList<(string Name, int Bytes, int Elements)> storages)
    {
        var records = new List<(string, byte[])>
        {
            ("archive/data.pkl", pickle),
            ("archive/byteorder", Encoding.ASCII.GetBytes(choices.OneIn(40) ? "big" : "little")),
        };
        for (var i = 0; i < storages.Count; i++) records.Add(($"archive/data/{i}", choices.Bytes(storages[i].Bytes * storages[i].Elements)));
        if (choices.OneIn(40)) records.Add((choices.Name("archive/constants.pkl", "archive/../x"), []));
        using var zip = new ZipMaker(choices, lies: choices.OneIn(3) ? 20 : 2000);
        return zip.Make(records);
    }

    private static byte[] Legacy(Choices choices, byte[] pickle, IReadOnlyList<(string Name, int Bytes, int Elements)> storages)
    {
        var file = new MemoryStream();
        var magic = BigInteger.Parse("01950a86a20f9469cfc6c", NumberStyles.HexNumber, CultureInfo.InvariantCulture).ToByteArray();
        file.Write([0x80, 2, 0x8A, (byte)magic.Length, .. magic, (byte)'.']);
        file.Write([0x80, 2, (byte)'M', 0xE9, 3, (byte)'.', 0x80, 2, (byte)'}', (byte)'.']);
        file.Write(pickle);
        file.Write([0x80, 2, (byte)']', (byte)'(']);
        for (var i = 0; i < storages.Count; i++) file.Write([(byte)'U', 1, (byte)('0' + (choices.OneIn(40) ? 0 : i))]);
        file.Write("e."u8);
        foreach (var (_, bytes, elements) in storages)
        {
            file.Write(BitConverter.GetBytes(choices.OneIn(25) ? choices.Number() : elements));
            file.Write(choices.Bytes(bytes * elements));
        }

        return file.ToArray();
    }
}
