using System.Globalization;
using Fovea.Formats;
using Fovea.Formats.Onnx;
using Fovea.Naming;
using Fovea.Tensors;

namespace Fovea.Sources;

/// <summary>
/// An ONNX file that makes the input of a model from pictures, as ML.NET's featurizers have one beside each model: channels in another order, a mean image
/// taken off.
/// </summary>
/// <param name="Path">The file.</param>
/// <param name="Found">What it does.</param>
internal sealed record OnnxPreprocess(string Path, InputNormalisation Found)
{
    private const string Mark = "*prep*";
    private const int MostCandidates = 8;

    /// <summary>The file that is named.</summary>
    /// <param name="path">The file.</param>
    /// <param name="input">The input of the model.</param>
    /// <exception cref="ModelSourceException">There is no such file, or it does something else.</exception>
    /// <exception cref="ModelFormatException">It is damaged.</exception>
    internal static OnnxPreprocess Of(string path, Shape input)
    {
        if (!File.Exists(path)) throw new ModelSourceException($"{Printable.Of(path)}: there is no such file; wanted an ONNX file that prepares images");
        return Read(path, input) ?? throw new ModelSourceException(
            $"{path}: does more to images than to order channels, take numbers off and scale by others, or makes no input {input}; "
            + "wanted that alone, or data.mean and data.std in its place");
    }

    /// <summary>The one file that stands beside a model, or in a folder beside its own, is called so, and makes the input of the model; null without.</summary>
    internal static OnnxPreprocess? Beside(string model, Shape input)
    {
        try
        {
            var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(model))!;
            var options = new EnumerationOptions { MatchCasing = MatchCasing.CaseInsensitive };
            var beside = Directory.GetParent(folder)?.EnumerateDirectories(Mark, options).SelectMany(other => other.EnumerateFiles($"*{OnnxFile.Extension}"));
            OnnxPreprocess[] found =
            [
                .. new DirectoryInfo(folder).EnumerateFiles($"{Mark}{OnnxFile.Extension}", options).Concat(beside ?? [])
                    .Take(MostCandidates).Select(file => Tried(file.FullName, input)).OfType<OnnxPreprocess>(),
            ];
            return found is [var only] ? only : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>What is told of it.</summary>
    internal string Note
    {
        get
        {
            var (input, spread) = (Found.Preprocessing, Found.Spread.ToString("F1", CultureInfo.InvariantCulture));
            var image = Found.Spread > 0 ? $"; of its mean image the mean of each channel, from which it is {spread} of 255 away at most" : "";
            return $"{Path}: says how images become the input: {Text("mean", input.Mean)} and {Text("std", input.Std)} of fractions of white{image}";
        }
    }

    private static string Text(string name, IReadOnlyList<double> numbers) =>
        $"{name} [{string.Join(", ", numbers.Select(number => number.ToString("G6", CultureInfo.InvariantCulture)))}]";

    private static OnnxPreprocess? Tried(string path, Shape input)
    {
        try
        {
            return Read(path, input);
        }
        catch (ModelFormatException)
        {
            return null;
        }
    }

    private static OnnxPreprocess? Read(string path, Shape input)
    {
        var file = OnnxFile.Read(path, new() { Height = input.H, Width = input.W });
        if (file.Graph.Outputs is not [(_, var output)] || output.Shape != input) return null;
        return InputNormalisation.Of(file.Graph, file.Weights) is { } found && found.End == output ? new(path, found) : null;
    }
}
