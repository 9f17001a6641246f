using Fovea.Graphs;
using Fovea.Images;
using Fovea.Tensors;

namespace Fovea.Models.Building;

/// <summary>Declares a model's parameters under a scope and computes logits [N, classes] from images x [N, C, H, W].</summary>
public delegate Value ModelBuilder(Scope s, Value x, ModelOptions options);

/// <summary>A model of the catalogue: how it is built, and how images reach it.</summary>
/// <param name="Name">The name on the command line and in recipes.</param>
/// <param name="Family">The name of its architecture.</param>
/// <param name="Builder">Builds it.</param>
public sealed record ModelRow(string Name, string Family, ModelBuilder Builder)
{
    /// <summary>The largest extent that is tried when the smallest possible image is looked for.</summary>
    private const int LargestTried = 1024;

    private const int MostClasses = 1_000_000;
    private const int MostChannels = 4096;
    private const int MostImages = 65_536;
    private const int MostLayers = 10_000;
    private const int MostWidth = 1024;

    /// <summary>One half for each channel: as mean and deviation it takes 0…1 to −1…1, as the first Inception nets did.</summary>
    internal static IReadOnlyList<double> Half { get; } = [0.5, 0.5, 0.5];

    /// <summary>The number of classes of the published weights; by default 1000.</summary>
    public int Classes { get; init; } = 1000;

    /// <summary>
    /// How images become the input of the published weights; by default as torchvision has it for ImageNet (<see cref="Images.Preprocessing"/>).
    /// </summary>
    public Preprocessing Preprocessing { get; init; } = new();

    /// <summary>Channels of the images that it was designed for.</summary>
    public int InputChannels => Preprocessing.Channels;

    /// <summary>Rows and columns of the images that it was designed for.</summary>
    public int ImageSize
    {
        get => Preprocessing.Height;
        init => Preprocessing = Preprocessing with { Height = value, Width = value };
    }

    /// <summary>Image sizes are multiples of it, as a net of fixed windows or strides demands; by default 1.</summary>
    public int ImageSizeStep { get; init; } = 1;

    /// <summary>The rate of dropout in front of the classifier with which the published weights were trained, 0 to below 1; by default 0.</summary>
    public double DropRate { get; init; }

    /// <summary>The rate of drop-path with which the published weights were trained, 0 to below 1; by default 0.</summary>
    public double DropPathRate { get; init; }

    /// <summary>The paper, as <c>arXiv:…</c> or <c>doi:…</c>, or an <c>https:</c> address where there is none.</summary>
    public required string Paper { get; init; }

    /// <summary>The licence (SPDX) of the public implementation whose names and numbers are followed.</summary>
    public required string Licence { get; init; }

    /// <summary>Other spellings of the tensor names, under which weights are known in public.</summary>
    public IReadOnlyList<NameMap> OtherNames { get; init; } = [];

    /// <summary>Names of tensors that the public implementation declares but never reads: its weights have them. By default none.</summary>
    public IReadOnlyList<string> UnusedTensors { get; init; } = [];

    /// <summary>Other names under which the catalogue finds the model.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary><see cref="Preprocessing.Mean"/>, for rows to set on its own.</summary>
    internal IReadOnlyList<double> Mean
    {
        get => Preprocessing.Mean;
        init => Preprocessing = Preprocessing with { Mean = value };
    }

    /// <summary><see cref="Preprocessing.Std"/>, for rows to set on its own.</summary>
    internal IReadOnlyList<double> Std
    {
        get => Preprocessing.Std;
        init => Preprocessing = Preprocessing with { Std = value };
    }

    /// <summary><see cref="Preprocessing.CropFraction"/>, for rows to set on its own.</summary>
    internal double CropFraction
    {
        get => Preprocessing.CropFraction;
        init => Preprocessing = Preprocessing with { CropFraction = value };
    }

    /// <summary><see cref="Preprocessing.Interpolation"/>, for rows to set on its own.</summary>
    internal Interpolation Interpolation
    {
        get => Preprocessing.Interpolation;
        init => Preprocessing = Preprocessing with { Interpolation = value };
    }

    /// <summary>Whether <see cref="ModelOptions.Depth"/> and <see cref="ModelOptions.WidthFactor"/> are the model's to choose.</summary>
    public bool TakesDepth { get; init; }

    /// <summary>
    /// The public names of the folded weights of the deploy form, by those that <see cref="Passes.Deploy"/> gives them; null where they are the same.
    /// </summary>
    public NameMap? DeployNames { get; init; }

    /// <summary>The public name of a folded weight, for <see cref="Passes.Deploy.Fold"/>.</summary>
    public string DeployName(string label) => DeployNames?.FromCatalogue(label) ?? label;

    /// <summary>Whether <see cref="ModelOptions.NumBlocks"/> and <see cref="ModelOptions.WidthMultiplier"/> are the model's to choose.</summary>
    public bool IsFreeForm { get; init; }

    /// <summary>Whether it is a form that is trained by a RepOptimizer (arXiv:2205.15242) with scales, without which it learns as a plain net.</summary>
    public bool IsRepOptTarget { get; init; }

    /// <summary>Whether the name or the family holds a text, whatever the case.</summary>
    public bool Holds(string text) => Name.Contains(text, StringComparison.OrdinalIgnoreCase) || Family.Contains(text, StringComparison.OrdinalIgnoreCase);

    /// <summary>The inference graph: input <c>input</c> f32 [batch, channels, size, size], output <c>logits</c> f32 [batch, classes].</summary>
    /// <param name="options">What is chosen; null for the row's own values.</param>
    /// <param name="batch">Images at a time, from 1.</param>
    /// <exception cref="ModelException">An option is out of range, or is not the model's.</exception>
    /// <exception cref="ShapeException">The image is too small; the message names the layer and the smallest size.</exception>
    public Graph Build(ModelOptions? options = null, int batch = 1)
    {
        var chosen = Resolve(options ?? new ModelOptions());
        var size = chosen.ImageSize ?? ImageSize;
        Range("batch", batch, 1, MostImages);
        try
        {
            return Built(chosen, size, batch);
        }
        catch (ShapeException e) when (Smallest(chosen) is { } smallest && (smallest > size || size % ImageSizeStep != 0))
        {
            var steps = ImageSizeStep > 1 ? FormattableString.Invariant($", and others are multiples of {ImageSizeStep}") : "";
            throw new ShapeException($"{Name} at image size {size}: {e.Message}; the smallest size is {smallest}{steps}");
        }
    }

    /// <summary>The smallest image size that the model can be built for, a multiple of <see cref="ImageSizeStep"/>.</summary>
    /// <param name="options">What else is chosen; null for the row's own values.</param>
    /// <exception cref="ModelException">An option is out of range, or is not the model's.</exception>
    /// <exception cref="ShapeException">No size up to 1024 fits.</exception>
    public int SmallestImageSize(ModelOptions? options = null)
    {
        var chosen = Resolve(options ?? new ModelOptions());
        return Smallest(chosen) ?? throw new ShapeException($"{Name}: no image size up to {LargestTried} fits");
    }

    /// <summary>The options with the row's values where none are chosen.</summary>
    /// <exception cref="ModelException">An option is out of range, or is not the model's.</exception>
    public ModelOptions Resolve(ModelOptions options)
    {
        var (classes, size, channels) = (options.Classes ?? Classes, options.ImageSize ?? ImageSize, options.InputChannels ?? InputChannels);
        var chosen = options with
        {
            Classes = classes, ImageSize = size, InputChannels = channels, DropRate = options.DropRate ?? DropRate,
            DropPathRate = options.DropPathRate ?? DropPathRate,
        };
        Range("classes", classes, 1, MostClasses);
        Range("input_channels", channels, 1, MostChannels);
        Range("image_size", size, 1, Preprocessing.LargestSide);
        Want(chosen.DropRate is >= 0 and < 1, "drop_rate", chosen.DropRate ?? 0, "at least 0 and below 1");
        Want(chosen.DropPathRate is >= 0 and < 1, "drop_path_rate", chosen.DropPathRate ?? 0, "at least 0 and below 1");
        if (!IsFreeForm && (chosen.NumBlocks ?? (object?)chosen.WidthMultiplier) is not null)
            throw new ModelException($"{Name}: num_blocks and width_multiplier are fixed in this model; a free form, as 'repvgg', takes them");
        if (!TakesDepth && (chosen.Depth ?? chosen.WidthFactor) is not null)
            throw new ModelException($"{Name}: depth and width_factor are fixed in this model; the model 'cifar_wideresnet' takes them");
        if (chosen.Depth is { } depth) Range("depth", depth, 1, MostLayers);
        if (chosen.WidthFactor is { } width) Range("width_factor", width, 1, MostWidth);
        return chosen;
    }

    private void Range(string key, double number, double low, double high)
    {
        Want(number >= low, key, number, FormattableString.Invariant($"at least {low}"));
        Want(number <= high, key, number, FormattableString.Invariant($"{low} to {high}"));
    }

    private void Want(bool holds, string key, double number, string wanted)
    {
        if (!holds) throw new ModelException(FormattableString.Invariant($"{Name}: {key} is {number}; wanted {wanted}"));
    }

    private Graph Built(ModelOptions options, int size, int batch)
    {
        var graph = new Graph(Name);
        var x = graph.Input("input", TensorType.F32(batch, options.InputChannels ?? InputChannels, size, size));
        graph.Output("logits", Builder(new Scope(graph), x, options));
        return graph;
    }

    /// <summary>The smallest image size that can be built, found by halving; null when even a large one cannot.</summary>
    private int? Smallest(ModelOptions options)
    {
        var (no, yes) = (0, LargestTried / ImageSizeStep);
        if (!Fits(yes)) return null;
        while (yes - no > 1)
        {
            var middle = (no + yes) / 2;
            if (Fits(middle)) yes = middle;
            else no = middle;
        }

        return yes * ImageSizeStep;

        bool Fits(int steps)
        {
            try
            {
                Built(options, steps * ImageSizeStep, batch: 1);
                return true;
            }
            catch (ShapeException)
            {
                return false;
            }
        }
    }
}
