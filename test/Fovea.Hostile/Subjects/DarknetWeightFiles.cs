using Fovea.Darknet;
using Fovea.Darknet.Cfg;
using Fovea.Formats;

namespace Fovea.Hostile.Subjects;

/// <summary>Darknet's files of weights, of one small network with every kind of tensor: headers, lengths and numbers that are right or not.</summary>
public sealed class DarknetWeightFiles : Subject
{
    private static readonly DarknetNetwork s_network = DarknetNetwork.Of(CfgFile.Parse(
        "[net]\nwidth=6\nheight=6\nchannels=3\n[conv]\nbatch_normalize=1\nfilters=4\nsize=3\npad=1\n[conv]\nfilters=4\nflipped=1\n[shortcut]\nfrom=0\n"
        + "weights_type=per_channel\n[batchnorm]\n[local]\nfilters=2\nsize=3\n[connected]\noutput=5\nbatch_normalize=1\n[softmax]\n", "hostile.cfg"));

    private static readonly long s_elements = s_network.Tensors.Sum(tensor => tensor.Shape.Elements);

    /// <inheritdoc/>
    public override string Name => "weights";

    /// <inheritdoc/>
    public override byte[] Make(Choices choices)
    {
        int Version(int usual) => choices.OneIn(8) ? (int)choices.Number() : usual;
        var (major, minor) = (Version(choices.Of(0, 0, 1001)), Version(choices.Of(0, 1, 2)));
        byte[] seen = choices.OneIn(3) ? choices.Bytes(4) : choices.Bytes(8);
        var length = (4 * s_elements) + (choices.OneIn(4) ? choices.Between(-40, 40) : 0);
        byte[] file = [.. BitConverter.GetBytes(major), .. BitConverter.GetBytes(minor), .. BitConverter.GetBytes(Version(5)), .. seen, .. choices.Bytes((int)length)];
        return choices.OneIn(20) ? file[..choices.Below(file.Length)] : file;
    }

    /// <inheritdoc/>
    public override void Read(byte[] file)
    {
        using var stream = new MemoryStream(file, writable: false);
        var read = WeightsReader.Read(stream, "hostile.weights", s_network);
        using var again = new MemoryStream();
        WeightsWriter.Write(again, "again.weights", s_network, read.Header, read.Tensors);
        if (!again.ToArray().AsSpan().SequenceEqual(file)) throw new InvalidOperationException("what was read is written otherwise");
    }

    /// <inheritdoc/>
    public override bool Refuses(Exception failure) => failure is ModelFormatException;

    /// <inheritdoc/>
    public override long Bytes(byte[] file) => (1L << 20) + (16L * file.Length);
}
