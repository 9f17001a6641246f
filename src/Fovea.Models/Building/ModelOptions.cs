namespace Fovea.Models.Building;

/// <summary>What is chosen when a model is built. What is null is taken from the catalogue row.</summary>
public sealed record ModelOptions
{
    /// <summary>Classes, 1 to 1 000 000; by default those of the catalogue row.</summary>
    public int? Classes { get; init; }

    /// <summary>Channels of the image, 1 to 4096; by default those of the catalogue row.</summary>
    public int? InputChannels { get; init; }

    /// <summary>Rows and columns of the image, 1 to 8192; by default those of the catalogue row.</summary>
    public int? ImageSize { get; init; }

    /// <summary>The rate of dropout in front of the classifier, 0 to below 1; by default that of the catalogue row.</summary>
    public double? DropRate { get; init; }

    /// <summary>The rate of drop-path (<see cref="Ops.DropPath"/>) in the last block, 0 to below 1; by default that of the catalogue row.</summary>
    public double? DropPathRate { get; init; }

    /// <summary>The rate of drop-path in a block when it grows linearly from 0 in the first to <see cref="DropPathRate"/> in the last.</summary>
    /// <param name="block">The number of the block, from 0.</param>
    /// <param name="blocks">How many there are in the whole model.</param>
    public double DropPathAt(int block, int blocks) => blocks > 1 ? (DropPathRate ?? 0) * block / (blocks - 1) : DropPathRate ?? 0;

    /// <summary>Blocks of each of the four stages, 1 to 1000; only for free forms: <c>repvgg</c>, <c>repoptvgg_hs</c> and its like.</summary>
    public IReadOnlyList<int>? NumBlocks { get; init; }

    /// <summary>
    /// The channels of each of the four stages as multiples of 64, 128, 256, 512, 0.01 to 64; only for free forms: <c>repvgg</c>, <c>repoptvgg_hs</c> and its
    /// like.
    /// </summary>
    public IReadOnlyList<double>? WidthMultiplier { get; init; }

    /// <summary>Layers, for a model whose depth is free, at most 10 000; by default those of the catalogue row.</summary>
    public int? Depth { get; init; }

    /// <summary>The factor on the channels of every stage, 1 to 1024, for a model whose width is free; by default that of the catalogue row.</summary>
    public int? WidthFactor { get; init; }
}
