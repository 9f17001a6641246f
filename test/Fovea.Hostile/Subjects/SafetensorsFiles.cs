using System.Globalization;
using System.Text;
using System.Text.Json;
using Fovea.Formats;
using Fovea.Formats.Weights;

namespace Fovea.Hostile.Subjects;

/// <summary>Safetensors files.</summary>
public sealed class SafetensorsFiles : Subject
{
    private static readonly (string Name, int Bytes)[] s_types =
    [
        ("F32", 4), ("F64", 8), ("F16", 2), ("BF16", 2), ("I64", 8), ("I32", 4), ("I16", 2), ("I8", 1), ("U8", 1), ("BOOL", 1), ("F8_E4M3", 1), ("U16", 2),
        ("C64", 8),
    ];

    /// <inheritdoc/>
    public override string Name => "safetensors";

    /// <inheritdoc/>
    public override byte[] Make(Choices choices)
    {
        var (header, reached) = (new StringBuilder("{"), 0L);
        for (var i = choices.Between(0, 6); i > 0; i--)
        {
            if (header.Length > 1) header.Append(choices.OneIn(60) ? ";" : ",");
            if (choices.OneIn(8)) header.Append(Metadata(choices));
            else header.Append(Entry(choices, i, ref reached));
        }

        header.Append(choices.OneIn(60) ? "" : "}").Append(' ', choices.Below(9));
        if (choices.OneIn(30)) header.Insert(1, string.Concat(Enumerable.Repeat(choices.Of("[", "{\"a\":"), choices.Of(5, 5000))));
        var json = Encoding.UTF8.GetBytes(header.ToString());
        var length = choices.OneIn(40) ? choices.Number() : json.Length;
        return
        [
            .. BitConverter.GetBytes(length), .. json,
            .. choices.Bytes((int)Math.Clamp(choices.OneIn(25) ? reached + choices.Between(-3, 3) : reached, 0, 4096)),
        ];
    }

    /// <inheritdoc/>
    public override void Read(byte[] file) => WeightFile.Read(new MemoryStream(file, writable: false), "hostile.safetensors");

    /// <inheritdoc/>
    public override bool Refuses(Exception failure) => failure is ModelFormatException;

    /// <inheritdoc/>
    public override long Bytes(byte[] file) => (4L << 20) + (64L * file.Length);

    private static string Metadata(Choices choices) =>
        $"\"__metadata__\":{(choices.OneIn(10) ? "[]" : $"{{{Quoted(choices.Name("k"))}:{(choices.OneIn(10) ? "1" : Quoted(choices.Name("v")))}}}")}";

    private static string Entry(Choices choices, int i, ref long reached)
    {
        var (type, bytes) = choices.Of(choices.OneIn(3) ? s_types : s_types[..1]);
        long Right(long number) => choices.OneIn(25) ? choices.Number() : number;
        var extents = Enumerable.Range(0, choices.OneIn(30) ? 9 : choices.Between(0, 4)).Select(_ => (long)choices.Between(0, 5)).ToArray();
        var begin = reached;
        reached += Math.Min(4096, extents.Aggregate((long)bytes, (product, extent) => product * extent));
        var shape = string.Join(',', extents.Select(extent => Text(Right(extent))));
        var place = $"[{Text(Right(begin))},{Text(Right(reached))}{(choices.OneIn(80) ? ",0" : "")}]";
        var name = choices.OneIn(40) ? "same" : $"{choices.Name("w", "a.b")}{i}";
        return $"{Quoted(name)}:{{\"dtype\":\"{type}\",\"shape\":[{shape}],\"data_offsets\":{place}{(choices.OneIn(60) ? ",\"shape\":[]" : "")}}}";
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Quoted(string text) => JsonEncodedText.Encode(text) is var encoded ? $"\"{encoded}\"" : "";
}
