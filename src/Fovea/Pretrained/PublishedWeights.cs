using Fovea.Images;

namespace Fovea.Pretrained;

/// <summary>Weights for a model of the catalogue that their authors publish, trained on ImageNet's 1000 classes.</summary>
public sealed record PublishedWeights
{
    /// <summary>As their publisher calls them: <c>resnet18.a1_in1k</c> (timm), <c>ResNet18_Weights.IMAGENET1K_V1</c> (torchvision).</summary>
    public required string Name { get; init; }

    /// <summary>The model of the catalogue.</summary>
    public required string Model { get; init; }

    /// <summary>Who publishes them: <c>timm</c> or <c>torchvision</c>.</summary>
    public required string Publisher { get; init; }

    /// <summary>Their licence, as SPDX has it where it has it.</summary>
    public required string Licence { get; init; }

    /// <summary>The published share of ImageNet's validation images that are recognised, 0–1.</summary>
    public required double Top1 { get; init; }

    /// <summary>The published number of parameters in millions, to two digits behind the point.</summary>
    public required double MillionParameters { get; init; }

    /// <summary>How images become their input.</summary>
    public required Preprocessing Preprocessing { get; init; }

    /// <summary>The address of the file, with that of the public hub where it is there.</summary>
    public required Uri Address { get; init; }

    /// <summary>The name of the file in the cache, whose end tells the format: <c>.safetensors</c> or <c>.pth</c>.</summary>
    public required string FileName { get; init; }

    /// <summary>The first digits of the SHA-256 of the file, where they are published; otherwise null, and the hub tells it beside the file.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Whether the file is on the public hub.</summary>
    public bool IsOnHub => Address.Host == WeightsCache.PublicHub.Host;
}
