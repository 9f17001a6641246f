using System.CommandLine;
using System.Globalization;
using Fovea.Cli.Usage;
using Fovea.Cli.Work;
using Fovea.Graphs;
using Fovea.Models;
using Fovea.Models.Building;
using Fovea.Options;
using Fovea.Pretrained;
using Fovea.Sources;
using Fovea.Training.Recipes;

namespace Fovea.Cli.Commands;

/// <summary>The flags that say which graph of a model is meant.</summary>
internal static class ModelFlags
{
    internal static Option<int?> Classes { get; } = new("--classes") { Description = "Classes; by default the model's own", HelpName = "N" };

    internal static Option<int?> ImageSize { get; } =
        new("--image-size") { Description = "Rows and columns of an image; by default the model's own", HelpName = "N" };

    internal static Option<int?> InputChannels { get; } =
        new("--input-channels") { Description = "Channels of an image; by default the model's own", HelpName = "N" };

    internal static Option<int?> Depth { get; } =
        new("--depth") { Description = "Layers of a model of free depth, as cifar_wideresnet (6n + 4)", HelpName = "N" };

    internal static Option<int?> WidthFactor { get; } =
        new("--width-factor") { Description = "The factor on the channels of a model of free width, as cifar_wideresnet", HelpName = "N" };

    internal static Option<Precision> Precision { get; } = new("--precision")
    {
        Description = "fp32 (default), bf16, or auto: what is fastest here",
        HelpName = "P",
    };

    internal static Option<string?> Pretrained { get; } = PretrainedFlag.Of(
        "For images of the size that published weights want: --pretrained for the model's default ones, or --pretrained=NAME; nothing is fetched");

    internal static Option<string?> NumBlocks { get; } =
        new("--num-blocks") { Description = "Blocks of each stage of a free form, as 'repvgg', as in 2,4,14,1", HelpName = "N,N,N,N" };

    internal static Option<string?> WidthMultiplier { get; } = new("--width-multiplier")
    {
        Description = "Widths of each stage of a free form, as 'repvgg', as multiples of 64, 128, 256 and 512 channels, as in 0.75,0.75,0.75,2.5",
        HelpName = "X,X,X,X",
    };

    /// <summary>The most images at a time that flags may ask for.</summary>
    internal const int MostImages = TrainOptions.MostImages;

    /// <summary>What takes less memory.</summary>
    internal const string Smaller = "a smaller --batch, --image-size or model";

    /// <summary>The flags that choose a graph, in the order of the help text.</summary>
    internal static Option[] Choices => [ImageSize, InputChannels, Classes, Depth, WidthFactor, NumBlocks, WidthMultiplier];

    /// <summary>What a model may be.</summary>
    internal const string Description = "A model of the catalogue, a shipped model (.fovea), an ONNX file (.onnx), a Darknet cfg (.cfg), or the folder of a run";

    /// <summary>The graph for a batch, as the flags of the call have it.</summary>
    /// <exception cref="ModelException">There is no such model, or it cannot be built so.</exception>
    /// <exception cref="ModelSourceException">There is no such file, or its graph cannot take images of the size.</exception>
    internal static Graph Build(Invocation call, string model, int batch)
    {
        if (!ModelSource.Of(model).IsDescribed) return Load(call, model).Graph(batch);
        var options = Options(call);
        if (call.Value(Pretrained) is { } name)
            options = options with { ImageSize = options.ImageSize ?? WeightsCatalog.Find(name, model).Preprocessing.Height };
        return ModelCatalog.Build(model, options, batch);
    }

    /// <summary>The model in a file or a folder, which says what it is of: of the flags only the image size goes with it.</summary>
    internal static LoadedModel Load(Invocation call, string place)
    {
        var kind = ModelSource.Of(place);
        SourceFlags.Refuse(call, kind.What, "it says what it is of", [Pretrained, .. Choices.Where(option => option != ImageSize)]);
        var images = call.Within(ImageSize, 1, Images.Preprocessing.LargestSide) is { } size ? new Images.PreprocessingChoice { ImageSize = size } : null;
        return kind.Load(place, new() { Images = images, Note = call.Report.Note, Warn = call.Report.Warning });
    }

    internal static ModelOptions Options(Invocation call) => new()
    {
        Classes = call.Value(Classes),
        ImageSize = call.Value(ImageSize),
        InputChannels = call.Value(InputChannels),
        Depth = call.Value(Depth),
        WidthFactor = call.Value(WidthFactor),
        NumBlocks = Numbers<int>(call, NumBlocks, NumberStyles.None, "whole numbers", "2,4,14,1"),
        WidthMultiplier = Numbers<double>(call, WidthMultiplier, NumberStyles.AllowDecimalPoint, "numbers", "0.75,0.75,0.75,2.5"),
    };

    /// <summary>Numbers with commas between them, in brackets or not; null when the option is not given.</summary>
    private static T[]? Numbers<T>(Invocation call, Option<string?> option, NumberStyles style, string wanted, string example)
        where T : struct, System.Numerics.INumber<T>
    {
        if (call.Value(option) is not { } text) return null;
        var words = text.Trim('[', ']').Split(',', StringSplitOptions.TrimEntries);
        return [.. words.Select(word => T.TryParse(word, style, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new UsageException($"{option.Name} is '{text}'; wanted {wanted} with commas between them, as in {option.Name} {example}"))];
    }

    /// <summary>A choice as recipes spell it.</summary>
    internal static string Name(Enum choice) => OptionNames.SnakeCase(choice.ToString());
}
