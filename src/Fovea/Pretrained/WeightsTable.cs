using System.Globalization;
using System.Text.RegularExpressions;
using Fovea.Images;

namespace Fovea.Pretrained;

/// <summary>Reads the table of published weights (<c>weights.csv</c>), which says where its facts come from.</summary>
internal static partial class WeightsTable
{
    private const string Columns = "name,model,file,licence,top1,params,size,fit,crop,interpolation,mean,std";
    private const string Timm = "timm";
    private const string Torchvision = "https://download.pytorch.org/models/";

    /// <summary>The rows of the table that is built in.</summary>
    internal static IReadOnlyList<PublishedWeights> Read()
    {
        var lines = BuiltIn.Lines("weights.csv").Where(line => !line.StartsWith('#')).ToArray();
        return lines[0] == Columns
            ? [.. lines.Skip(1).Select(line => Row(line.Split(',')))]
            : throw new InvalidOperationException($"weights.csv has the columns {lines[0]}; wanted {Columns}");
    }

    private static PublishedWeights Row(string[] fields)
    {
        var (name, file) = (fields[0], fields[2]);
        var isTimm = file == Timm;
        return new()
        {
            Name = name,
            Model = fields[1],
            Publisher = isTimm ? Timm : "torchvision",
            Licence = fields[3],
            Top1 = Math.Round(Number(fields[4]) / 100, 5),
            MillionParameters = Number(fields[5]),
            Preprocessing = Images(fields.AsSpan(6)),
            Address = isTimm ? new(WeightsCache.PublicHub, $"timm/{name}/resolve/main/model.safetensors") : new(Torchvision + file),
            FileName = isTimm ? $"{name}.safetensors" : file,
            Sha256 = isTimm ? null : Digits().Match(file).Groups[1].Value,
        };
    }

    private static Preprocessing Images(ReadOnlySpan<string> fields)
    {
        var side = int.Parse(fields[0], CultureInfo.InvariantCulture);
        var usual = new Preprocessing();
        return new()
        {
            Height = side,
            Width = side,
            Fit = Enum.Parse<Fit>(fields[1], ignoreCase: true),
            CropFraction = Number(fields[2]),
            Interpolation = Enum.Parse<Interpolation>(fields[3], ignoreCase: true),
            Mean = Numbers(fields[4]) ?? usual.Mean,
            Std = Numbers(fields[5]) ?? usual.Std,
        };
    }

    private static double[]? Numbers(string text) => text.Length == 0 ? null : [.. text.Split(' ').Select(Number)];

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex("-([0-9a-f]{8,64})\\.pth$")]
    private static partial Regex Digits();
}
