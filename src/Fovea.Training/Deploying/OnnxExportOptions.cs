namespace Fovea.Training.Deploying;

/// <summary>How a model is exported as ONNX.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>The largest relative difference of the logits that passes. Default 1e-5.</summary>
    public double Tolerance { get; init; } = 1e-5;

    /// <summary>Whether height and width are left open instead of being those of the model's input. Default false.</summary>
    public bool OpenImageSize { get; init; }

    /// <summary>The number of images that are drawn for the check, from 1. Default 4.</summary>
    public int Images { get; init; } = 4;

    /// <summary>What the drawn images follow from. Default 1.</summary>
    public ulong Seed { get; init; } = 1;
}
